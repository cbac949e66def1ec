#include "train/losses/critic.h"

#include <cmath>
#include <string>

#include "train/losses/planes.h"

namespace furl::train {
namespace {

constexpr int kLayers = 4;  // the last gives the score
constexpr int kStrided = 3;
constexpr double kSlope = 0.2;  // of the rectifiers, below 0

int64_t Kernel(int layer) { return layer < kStrided ? 4 : 3; }

// [N, 3, H, W], -1 to 1; chroma samples four times.
Tensor Picture(const Tensor& packed) {
  const Planes planes = ToPlanes(packed);
  const auto chroma = planes.chroma.repeat_interleave(2, 2).repeat_interleave(2, 3);
  return torch::cat({planes.luma, chroma}, 1) / 127.5 - 1;
}

std::string Name(int layer) { return "critic." + std::to_string(layer); }

}  // namespace

Critic::Critic(CriticLaw law, int channels, const torch::Device& device, uint64_t seed)
    : law_(law), params_(device) {
  // A generator of its own: the part's start shall not depend on whether there is a critic.
  auto generator = at::detail::createCPUGenerator(seed);
  int64_t in = 3;
  for (int layer = 0; layer < kLayers; ++layer) {
    const int64_t out = layer < kStrided ? int64_t{channels} << layer : 1;
    const int64_t k = Kernel(layer);
    const double deviation = std::sqrt(2.0 / static_cast<double>(in * k * k));
    params_.Set(Name(layer) + ".weight", torch::randn({out, in, k, k}, generator) * deviation);
    params_.Set(Name(layer) + ".bias", torch::zeros({out}));
    in = out;
  }
}

Judged Critic::Run(const Tensor& packed, bool train) const {
  const auto get = [&](const std::string& name) {
    const Tensor& value = params_.Get(name);
    return train ? value : value.detach();
  };
  Judged judged;
  Tensor x = Picture(packed);
  for (int layer = 0; layer < kLayers; ++layer) {
    const int stride = layer < kStrided ? 2 : 1;
    x = torch::conv2d(x, get(Name(layer) + ".weight"), get(Name(layer) + ".bias"), stride, 1);
    if (layer == kLayers - 1) break;
    x = torch::leaky_relu(x, kSlope);
    judged.features.push_back(x);
  }
  judged.score = x;
  return judged;
}

Judged Critic::Judge(const Tensor& packed) const { return Run(packed, /*train=*/false); }

Tensor Critic::Loss(const Tensor& decoded, const Tensor& original) const {
  const auto fake = Run(decoded.detach(), /*train=*/true).score;
  const auto real = Run(original.detach(), /*train=*/true).score;
  const auto patches = law_ == CriticLaw::kHinge ? torch::relu(1 + fake) + torch::relu(1 - real)
                                                 : fake.square() + (real - 1).square();
  return patches.flatten(1).mean(1);
}

}  // namespace furl::train
