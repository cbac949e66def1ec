// Writes a model file (docs/model-format.md) from trained parameters.

#ifndef FURL_TRAIN_EXPORT_EXPORT_H_
#define FURL_TRAIN_EXPORT_EXPORT_H_

#include <map>
#include <string>

#include "base/status.h"
#include "train/export/integer_graph.h"
#include "train/families/transform/symbol_statistics.h"
#include "train/network/arch.h"

namespace furl::train {

// The tables of one half ("intra" or "inter").
struct HalfTables {
  std::vector<uint16_t> frequencies;  // [64][32]
  std::vector<double> shrink;         // [64][2], steps
  std::vector<double> hyper_zero;     // [3][32], probabilities
  std::vector<float> relative_steps;  // [384], of QuantizerStep
};

struct ExportContent {
  const Architecture& arch;
  IntegerConvs convs;
  std::map<std::string, HalfTables> tables;  // by half
  std::string card;                          // JSON text
};

Status ExportModel(const std::string& path, const ExportContent& content);

}  // namespace furl::train

#endif  // FURL_TRAIN_EXPORT_EXPORT_H_
