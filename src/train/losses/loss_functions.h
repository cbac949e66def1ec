// The losses themselves: a file for each. Inputs as in LossInputs, values as in losses.h.

#ifndef FURL_TRAIN_LOSSES_LOSS_FUNCTIONS_H_
#define FURL_TRAIN_LOSSES_LOSS_FUNCTIONS_H_

#include "train/losses/loss_inputs.h"

namespace furl::train {

// Of the pictures, 8-bit units; errors of chroma samples weigh kChromaWeight.
Tensor SquaredError(const LossInputs& inputs);
// The same of luma samples alone.
Tensor LumaSquaredError(const Tensor& decoded, const Tensor& original);
// -PSNR as src/metrics defines it, but for a constant, (6 Y + U + V) / 8, times the pixels: each
// plane's error weighs as much as it is small.
Tensor PsnrLoss(const LossInputs& inputs);
// Magnitudes of errors, weighted alike.
Tensor AbsoluteError(const LossInputs& inputs);
// 1 - SSIM and 1 - MS-SSIM as src/metrics defines them, (6 Y + U + V) / 8, times the pixels.
Tensor SsimLoss(const LossInputs& inputs);
Tensor MsSsimLoss(const LossInputs& inputs);

// Kullback-Leibler divergence of the posterior from the standard normal distribution, in bits: with
// weight 1 beside a rate, the negative ELBO.
Tensor KlLoss(const LossInputs& inputs);

// Squared distance of vectors and entries. Commitment moves only the vectors, codebook only the
// entries (van den Oord et al., "Neural discrete representation learning", 2017).
Tensor CommitmentLoss(const LossInputs& inputs);
Tensor CodebookLoss(const LossInputs& inputs);

// Squared Frobenius norm of the Jacobian of `code` with respect to `seen`.
Tensor ContractiveLoss(const LossInputs& inputs);

// What a critic holds against the decoded pictures: the mean of its patches, or of the distances
// of its features from those of the originals, times the pixels.
Tensor HingeLoss(const LossInputs& inputs);
Tensor LeastSquaresLoss(const LossInputs& inputs);
Tensor FeatureMatchingLoss(const LossInputs& inputs);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOSSES_LOSS_FUNCTIONS_H_
