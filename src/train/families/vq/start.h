// What a part starts from: a block transform in two steps that decorrelates, and codebooks of
// vectors that were met, improved by Lloyd's algorithm with the bits of entries counted
// (entropy-constrained vector quantization: Chou, Lookabaugh and Gray, 1989).

#ifndef FURL_TRAIN_FAMILIES_VQ_START_H_
#define FURL_TRAIN_FAMILIES_VQ_START_H_

#include <functional>
#include <string>

#include "train/data/batch.h"
#include "train/network/arch.h"
#include "train/network/params.h"

namespace furl::train::vq {

// Sets the linear path of analysis, expansion and synthesis.
void InitTransform(const Architecture& arch, const std::string& part,
                   const std::function<Batch()>& next, int batches, ParamStore& params);

// Sets what the first stage of the top grid expects of a vector, given those that are decoded
// around it: the least squares of vectors as they are, with noise for what quantization leaves.
void InitOffsets(const Architecture& arch, const std::string& part,
                 const std::function<Batch()>& next, int batches, ParamStore& params);

}  // namespace furl::train::vq

#endif  // FURL_TRAIN_FAMILIES_VQ_START_H_
