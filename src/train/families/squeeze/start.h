// What a part starts from: a block transform in two steps that decorrelates (Karhunen-Loeve), first
// each packed position, then what is strongest in the four of a tile, and a prior that fits it.

#ifndef FURL_TRAIN_FAMILIES_SQUEEZE_START_H_
#define FURL_TRAIN_FAMILIES_SQUEEZE_START_H_

#include <functional>
#include <string>

#include "train/data/batch.h"
#include "train/network/arch.h"
#include "train/network/params.h"

namespace furl::train::squeeze {

// Sets the linear path of analysis and synthesis: measured, or with `random` any rotation.
void InitTransform(const Architecture& arch, const std::string& part,
                   const std::function<Batch()>& next, int batches, bool random,
                   ParamStore& params);

// Sets how the first latents of a tile are predicted from those around, and the scales.
void InitTables(const Architecture& arch, const std::string& part,
                const std::function<Batch()>& next, int batches, ParamStore& params);

}  // namespace furl::train::squeeze

#endif  // FURL_TRAIN_FAMILIES_SQUEEZE_START_H_
