#include "train/hyperprior/mean_fit.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace furl::train::hyperprior {
namespace {

using furl::hyperprior::kLatentChannels;
using furl::hyperprior::kNumPasses;
using furl::hyperprior::kPasses;

// Means of the first groups are corrected: latents of higher ones are textures without a mean.
constexpr int kCorrectedChannels = 48;
// QPs lend each other what was seen at most this far away.
constexpr int kReach = 6;
// Latents that an error must have been seen on to be believed.
constexpr double kPrior = 2000;
// An error stays in the pictures that later frames are predicted from, until something is coded
// there: what is seen is several times what one frame adds. More than this at a time swings.
constexpr double kPart = 0.2;

// The shift of a convolution, after marking it as one with a bias for each QP.
int MarkBiasPerQp(const std::string& graph, const std::string& name, nlohmann::json& graphs) {
  for (auto& node : graphs.at("graphs").at(graph).at("nodes")) {
    if (node.at("name") != name) continue;
    node["qp"] = true;
    return node.at("shift");
  }
  return 0;
}

}  // namespace

void MeanFit::Add(const latents::ObservedFrame& frame) {
  for (int pass = 0; pass < kNumPasses; ++pass) {
    for (int c = 0; c < kPasses[pass].count; ++c) {
      const latents::LatentError& error = frame.errors[pass][c];
      Sum& sum = sums_[pass][ModelQp(frame.qp)][c];
      sum.error += static_cast<double>(error.sum);
      sum.count += static_cast<double>(error.count);
    }
  }
}

std::array<double, kNumQps> MeanFit::Shifts(int pass, int channel,
                                            std::span<const uint16_t> steps) const {
  std::array<double, kNumQps> shifts;
  for (int qp = 0; qp < kNumQps; ++qp) {
    double error = 0;
    double count = kPrior;
    for (int other = std::max(qp - kReach, 0); other <= std::min(qp + kReach, kNumQps - 1);
         ++other) {
      const double weight = 1 - std::abs(other - qp) / (kReach + 1.0);
      const Sum& sum = sums_[pass][other][channel];
      const double step = steps[other * kLatentChannels + kPasses[pass].first + channel] / 16.0;
      error += weight * sum.error / step;
      count += weight * sum.count;
    }
    shifts[qp] = -kPart * 64 * error / count;
  }
  return shifts;
}

void MeanFit::Correct(const std::string& part, TensorFile& file) const {
  const std::vector<uint16_t> steps = Values<uint16_t>(file, part + ".steps");
  auto graphs = nlohmann::json::parse(file.metadata.at("graphs"));
  for (int pass = 0; pass < kNumPasses; ++pass) {
    const int channels = kPasses[pass].count;
    if (kPasses[pass].first + channels > kCorrectedChannels) continue;
    const std::string graph = part + ".prior_" + std::to_string(pass);
    const std::string name = graph + ".mean";
    const double shift = MarkBiasPerQp(graph, name, graphs);
    const auto mult = Values<int16_t>(file, name + ".mult");
    const auto old = Values<int32_t>(file, name + ".bias");
    std::vector<int32_t> bias(static_cast<size_t>(kNumQps) * channels);
    for (int c = 0; c < channels; ++c) {
      const std::array<double, kNumQps> shifts = Shifts(pass, c, steps);
      // value = (accumulator >> shift) * mult >> 15
      const double unit = std::exp2(shift + 15) / mult[c];
      for (int qp = 0; qp < kNumQps; ++qp) {
        const size_t at = static_cast<size_t>(qp) * channels + c;
        bias[at] = old[old.size() == bias.size() ? at : c] +
                   static_cast<int32_t>(std::lround(shifts[qp] * unit));
      }
    }
    file.tensors[name + ".bias"] = RawTensor::Of("I32", {kNumQps, channels}, bias);
  }
  file.metadata["graphs"] = graphs.dump();
}

}  // namespace furl::train::hyperprior
