#include "support/transform_tensors.h"

#include <array>

#include "image/coding_scales.h"
#include "nn/ops/lap.h"

namespace furl::test {
namespace {

using model::DType;

// In 1/16, by integers alone: the same on every machine.
int StepOf(int qp) {
  // 2^12 2^(i / 10).
  constexpr std::array<int, 10> kPowers = {4096, 4390, 4705, 5043, 5405,
                                           5793, 6208, 6654, 7132, 7643};
  return (32 * kPowers[qp % 10] << (qp / 10)) >> 12;
}

}  // namespace

int InputIndex(int plane, int side, int x, int y) {
  const int first = plane == 0 ? 0 : plane == 1 ? 64 : 80;
  const int quarter = (y / side) * 2 + x / side;
  return quarter * 96 + first + (y % side) * side + x % side;
}

std::vector<std::pair<int, int>> Frequencies(int n) {
  std::vector<std::pair<int, int>> order;
  for (int sum = 0; sum <= 2 * (n - 1); ++sum) {
    for (int u = std::max(0, sum - n + 1); u <= std::min(sum, n - 1); ++u) {
      order.emplace_back(u, sum - u);
    }
  }
  return order;
}

void AddLap(const std::string& node, bool synthesis, TensorWriter* writer) {
  const auto add = [&](const char* suffix, int64_t side) {
    std::vector<int16_t> weights(side * side, 0);
    for (int64_t i = 0; i < side; ++i) {
      const bool down = (i % 2 == 0) == synthesis;
      weights[i * side + i] = -163;
      weights[i * side + (i ^ 1)] = down ? -1627 : 1627;
    }
    writer->Add(node + suffix, DType::kI16, {side, side}, weights);
  };
  add(".luma", nn::kLapWideSide);
  add(".chroma", nn::kLapNarrowSide);
}

void AddSteps(const std::string& part, TensorWriter* writer) {
  std::vector<uint16_t> steps;
  for (int qp = 0; qp < kNumQps; ++qp) {
    steps.insert(steps.end(), kLatents, static_cast<uint16_t>(StepOf(qp)));
  }
  writer->Add(part + ".steps", DType::kU16, {kNumQps, kLatents}, steps);
}

void AddLoopFilter(const std::string& part, std::mt19937& random, TensorWriter* writer) {
  constexpr int kBanks = 2;
  const int residuals = part == "inter" ? 3 : 1;
  for (const char* plane : {".filter_luma", ".filter_chroma"}) {
    std::vector<int16_t> taps(kBanks * residuals * 9 * 8 * 6);
    for (int16_t& tap : taps) tap = static_cast<int16_t>(Uniform(random, -20, 40));
    writer->Add(part + plane, DType::kI16, {kBanks, residuals, 9, 8, 6}, taps);
  }
  std::vector<uint8_t> banks;
  std::vector<uint16_t> thresholds;
  for (int qp = 0; qp < kNumQps; ++qp) {
    banks.push_back(qp < 30 ? 0 : 1);
    const int step = StepOf(qp);
    for (int i = 0; i < 7; ++i) thresholds.push_back(static_cast<uint16_t>((9 * step << i) >> 5));
    thresholds.push_back(static_cast<uint16_t>(step / 10));
    thresholds.push_back(static_cast<uint16_t>(step));
  }
  writer->Add(part + ".filter_bank", DType::kU8, {kNumQps}, banks);
  writer->Add(part + ".filter_thresholds", DType::kU16, {kNumQps, 9}, thresholds);
}

}  // namespace furl::test
