// What a part of a model of the squeeze family contributes to a model file.

#ifndef FURL_TRAIN_FAMILIES_SQUEEZE_PART_EXPORT_H_
#define FURL_TRAIN_FAMILIES_SQUEEZE_PART_EXPORT_H_

#include <string>

#include "train/family/family.h"

namespace furl::train::squeeze {

// Where the trained analysis transform is the inverse of the synthesis, the exported one is that
// of the rounded synthesis: the picture then shows the rounding of one transform and not of both.
Result<PartExport> ExportPart(const Architecture& arch, const std::string& part,
                              const ParamStore& params, const Measurement& measurement);

}  // namespace furl::train::squeeze

#endif  // FURL_TRAIN_FAMILIES_SQUEEZE_PART_EXPORT_H_
