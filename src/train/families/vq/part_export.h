// What a trained part of the vq family contributes to a model file.

#ifndef FURL_TRAIN_FAMILIES_VQ_PART_EXPORT_H_
#define FURL_TRAIN_FAMILIES_VQ_PART_EXPORT_H_

#include <string>

#include "train/family/family.h"

namespace furl::train::vq {

Result<PartExport> ExportPart(const Architecture& arch, const std::string& part,
                              const ParamStore& params, const Measurement& measurement);

}  // namespace furl::train::vq

#endif  // FURL_TRAIN_FAMILIES_VQ_PART_EXPORT_H_
