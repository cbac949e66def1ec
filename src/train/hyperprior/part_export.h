// What a part of a model of the transform family contributes to a model file.

#ifndef FURL_TRAIN_HYPERPRIOR_PART_EXPORT_H_
#define FURL_TRAIN_HYPERPRIOR_PART_EXPORT_H_

#include <map>
#include <string>

#include "train/family/family.h"
#include "train/hyperprior/codec_model.h"
#include "train/hyperprior/symbol_statistics.h"

namespace furl::train::hyperprior {

// The convolutions of a part. Where the trained analysis transform is the inverse of the
// synthesis, the exported one is that of the rounded synthesis.
IntegerConvs QuantizePart(const Architecture& arch, const std::string& part,
                          const ParamStore& params, const InputMoments& moments = {});

// PART.steps, .frequencies, .shrink and .z_zero. `relative_steps` are those of RelativeSteps.
std::map<std::string, RawTensor> PartTables(const std::string& part,
                                            const SymbolStatistics& symbols,
                                            const Tensor& relative_steps);

Result<PartExport> ExportPart(const CodecModel& model, const ParamStore& params,
                              const Measurement& measurement);

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_PART_EXPORT_H_
