// Takes out of a model's means what is wrong with them on average.
//
// Where a frame codes nothing, its latents are what the prior expects. Expectations of low
// latents that are wrong by a hundredth of a quantizer step shift the colour of whole pictures,
// and every frame that is predicted from such a picture shifts it further. A trainer can't see
// this: its frames are predicted from the pictures of an older model, with casts of their own.
// So it is measured where it arises, in the encoder's own loop, and taken out of the biases of the
// convolutions that give the means, for each QP ("bias correction", as Nagel et al., "Data-Free
// Quantization through Weight Equalization and Bias Correction", 2019, do for other layers).

#ifndef FURL_TRAIN_HYPERPRIOR_MEAN_FIT_H_
#define FURL_TRAIN_HYPERPRIOR_MEAN_FIT_H_

#include <array>
#include <span>
#include <string>
#include <vector>

#include "codec/hyperprior/latent_symbols.h"
#include "codec/latents/encode/symbol_counts.h"
#include "image/coding_scales.h"
#include "train/network/safetensors.h"

namespace furl::train::hyperprior {

// The errors of the latents of one part's frames.
class MeanFit {
 public:
  void Add(const latents::ObservedFrame& frame);

  // Shifts the means of `part` ("intra", "inter") in an exported model against what was observed.
  // Their convolutions get a bias for each QP where they had one for all.
  void Correct(const std::string& part, TensorFile& file) const;

 private:
  struct Sum {
    double error = 0;  // in latent units
    double count = 0;
  };
  using PassSums = std::array<std::array<Sum, furl::hyperprior::kMaxPassChannels>, kNumQps>;

  // What to add to the mean of a channel of a pass at each QP, in 1/64 step of `steps` (1/16).
  std::array<double, kNumQps> Shifts(int pass, int channel, std::span<const uint16_t> steps) const;

  std::vector<PassSums> sums_ = std::vector<PassSums>(furl::hyperprior::kNumPasses);
};

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_MEAN_FIT_H_
