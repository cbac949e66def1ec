// The linear codec every model starts from: the Karhunen-Loeve transform of
// packed 16x16 blocks, and scale biases that match its coefficients' spread.

#ifndef FURL_TRAIN_KLT_H_
#define FURL_TRAIN_KLT_H_

#include <functional>
#include <string>

#include "train/codec_model.h"

namespace furl::train {

// Sets HALF.analysis.klt and HALF.synthesis.klt from the covariance of the
// residuals of `batches` batches. Chroma samples count 1.25 times.
void InitKlt(const std::string& half, const std::function<Batch()>& next, int batches,
             ParamStore& params);

// Sets the bias knots of the scale convolutions from the spread of the latents
// and dampens their weights, so that step 0 codes with per-channel scales.
// Also centres HALF.synthesis.head.
void InitScales(const Architecture& arch, const std::string& half,
                const std::function<Batch()>& next, int batches, ParamStore& params);

}  // namespace furl::train

#endif  // FURL_TRAIN_KLT_H_
