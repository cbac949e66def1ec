// What a part of a model of the transform family contributes to a model file.

#ifndef FURL_TRAIN_FAMILIES_TRANSFORM_PART_EXPORT_H_
#define FURL_TRAIN_FAMILIES_TRANSFORM_PART_EXPORT_H_

#include <map>
#include <string>

#include "train/families/family.h"
#include "train/families/transform/codec_model.h"
#include "train/families/transform/symbol_statistics.h"

namespace furl::train::transform {

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

}  // namespace furl::train::transform

#endif  // FURL_TRAIN_FAMILIES_TRANSFORM_PART_EXPORT_H_
