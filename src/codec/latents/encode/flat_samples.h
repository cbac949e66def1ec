// What an encoder leaves for latents of blocks that are coded in samples.

#ifndef FURL_CODEC_LATENTS_ENCODE_FLAT_SAMPLES_H_
#define FURL_CODEC_LATENTS_ENCODE_FLAT_SAMPLES_H_

#include "codec/common/sample_blocks.h"
#include "nn/tensor.h"

namespace furl::latents {

// Of blocks in samples nothing but their ground is left in the packed residual, so that the edges
// of their neighbours find something to go on with: the median of each plane, since text is less
// than half of a page; in inter frames 0.
void FlattenSampleBlocks(const SampleBlocks& samples, bool intra, nn::Tensor* residual);

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_ENCODE_FLAT_SAMPLES_H_
