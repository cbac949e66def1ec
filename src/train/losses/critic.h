// The critic (discriminator) of the adversarial losses: a small convolutional network that tells
// decoded patches from original ones, trained beside the part that tries to pass it.
//
// P. Isola et al., "Image-to-image translation with conditional adversarial networks", CVPR 2017:
// patches instead of pictures, strided convolutions, leaky rectifiers; no normalization here.

#ifndef FURL_TRAIN_LOSSES_CRITIC_H_
#define FURL_TRAIN_LOSSES_CRITIC_H_

#include <cstdint>

#include "train/losses/loss_inputs.h"
#include "train/network/params.h"

namespace furl::train {

enum class CriticLaw { kHinge, kLeastSquares };

class Critic {
 public:
  // channels: of the first layer; each of the next two has twice as many.
  Critic(CriticLaw law, int channels, const torch::Device& device, uint64_t seed);

  // Packed pictures, [N, 96, H/8, W/8], sides of 64 pixels or more. Gradients reach the pictures,
  // not the critic.
  Judged Judge(const Tensor& packed) const;

  // What the critic minimizes, [N]. Gradients reach the critic, not the pictures.
  Tensor Loss(const Tensor& decoded, const Tensor& original) const;

  const ParamStore& params() const { return params_; }
  ParamStore& params() { return params_; }

 private:
  Judged Run(const Tensor& packed, bool train) const;

  CriticLaw law_;
  ParamStore params_;  // critic.N.weight, critic.N.bias
};

}  // namespace furl::train

#endif  // FURL_TRAIN_LOSSES_CRITIC_H_
