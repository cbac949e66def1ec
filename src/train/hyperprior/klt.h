// The linear codec every model starts from: the Karhunen-Loeve transform of
// packed 16x16 blocks, linear prediction between blocks, and scale biases that
// match the spread of what is left.

#ifndef FURL_TRAIN_HYPERPRIOR_KLT_H_
#define FURL_TRAIN_HYPERPRIOR_KLT_H_

#include <functional>
#include <string>
#include <vector>

#include "train/hyperprior/codec_model.h"

namespace furl::train::hyperprior {

// Sets PART.analysis.klt and PART.synthesis.klt from the covariance of the
// (lapped) residuals of `batches` batches. Chroma counts as kChromaWeight says.
void InitKlt(const Architecture& arch, const std::string& part, const std::function<Batch()>& next,
             int batches, ParamStore& params);

// Sets the offsets of the predicted prior steps: least-squares prediction of
// each latent from the low latents that are decoded around it. Returns, per
// step, the mean square of what is left to code, [n] in squared 8-bit units.
std::vector<Tensor> InitOffsets(const Architecture& arch, const std::string& part,
                                const std::function<Batch()>& next, int batches,
                                ParamStore& params);

// Sets the bias knots of the scale convolutions from that and dampens their
// weights, so that training starts with per-channel scales.
void InitScales(const std::string& part, const std::vector<Tensor>& power, ParamStore& params);

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_KLT_H_
