// How much errors of each latent matter where pictures are judged by structural similarity.
//
// MS-SSIM compares pictures at five scales, of which the finest counts least (Wang, Simoncelli and
// Bovik, "Multiscale structural similarity for image quality assessment", 2003), so an error of
// high frequency costs less than one of low frequency. How much less was measured: noise in one
// band of a 16x16 cosine transform of the tuning clips' pictures, and what MS-SSIM lost by it for
// a unit of squared error; it is much the same in all of them (scripts/studies/similarity.py).

#ifndef FURL_CODEC_HYPERPRIOR_ENCODE_SIMILARITY_WEIGHTS_H_
#define FURL_CODEC_HYPERPRIOR_ENCODE_SIMILARITY_WEIGHTS_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "model/model_file.h"

namespace furl::hyperprior {

// The weights of latents whose basis functions are the columns of `synthesis`, [384][384] by packed
// sample (docs/hyperprior.md, "Samples") and latent, in 1/64 (latents::kUnitWeight): by the
// frequencies of a function's luma; chroma counts as low frequencies do.
std::vector<uint8_t> SimilarityWeights(std::span<const double> synthesis);

// Those of the transform in a model's part "intra" or "inter", PART.synthesis.klt; none where the
// model has no such node.
Result<std::vector<uint8_t>> SimilarityWeightsOf(const model::Model& model,
                                                 const std::string& part);

}  // namespace furl::hyperprior

#endif  // FURL_CODEC_HYPERPRIOR_ENCODE_SIMILARITY_WEIGHTS_H_
