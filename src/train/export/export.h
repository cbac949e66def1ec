// Writes a model file (docs/model-format.md) from trained parameters.

#ifndef FURL_TRAIN_EXPORT_EXPORT_H_
#define FURL_TRAIN_EXPORT_EXPORT_H_

#include <map>
#include <string>

#include "base/status.h"
#include "train/export/integer_graph.h"
#include "train/network/arch.h"
#include "train/network/safetensors.h"

namespace furl::train {

struct ExportContent {
  const Architecture& arch;
  IntegerConvs convs;
  std::map<std::string, RawTensor> tables;  // by their names in the file
  std::string card;                         // JSON text
};

Status ExportModel(const std::string& path, const ExportContent& content);

}  // namespace furl::train

#endif  // FURL_TRAIN_EXPORT_EXPORT_H_
