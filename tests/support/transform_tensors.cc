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

constexpr int kScales = 64;

// 2^16 exp(-sqrt(2) / sigma) of scale indices 0..32; later ones repeat the last five.
constexpr std::array<int, 33> kDecay = {
    0,     0,     0,     2,     7,     22,    62,    153,   334,   662,   1200,
    2015,  3162,  4681,  6588,  8869,  11490, 14395, 17516, 20778, 24109, 27441,
    30715, 33881, 36901, 39750, 42407, 44866, 33881, 36901, 39750, 42407, 44866};

// Magnitudes that decay geometrically; the reach ends where nothing is left of 4000.
void AddFrequencies(int row, std::vector<uint16_t>* frequencies) {
  const int s = row % kScales;
  const int decay = kDecay[s < 33 ? s : 28 + (s - 28) % 5];
  std::array<int, 16> weights = {1 << 16};
  int sum = row < kScales ? 1 << 16 : 1 << 15;
  for (int m = 1; m < 16; ++m) {
    weights[m] = static_cast<int>(int64_t{weights[m - 1]} * decay >> 16);
    sum += 2 * weights[m];
  }
  std::array<uint16_t, 32> out = {};
  int left = 4096;
  for (int m = 1; m < 16; ++m) {
    const int share = static_cast<int>(int64_t{weights[m]} * 4000 / sum);
    out[15 - m] = out[15 + m] = static_cast<uint16_t>(m == 1 ? std::max(1, share) : share);
    left -= 2 * out[15 + m];
  }
  out[31] = std::max<uint16_t>(1, out[30]);
  out[15] = static_cast<uint16_t>(left - out[31]);
  frequencies->insert(frequencies->end(), out.begin(), out.end());
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

void AddFrameSteps(const std::string& part, TensorWriter* writer) {
  std::vector<uint16_t> steps;
  for (int qp = 0; qp < kNumQps; ++qp) steps.push_back(static_cast<uint16_t>(StepOf(qp)));
  writer->Add(part + ".steps", DType::kU16, {kNumQps}, steps);
}

void AddSymbolTables(const std::string& part, std::mt19937& random, TensorWriter* writer) {
  std::vector<uint16_t> frequencies;
  for (int row = 0; row < 2 * kScales; ++row) AddFrequencies(row, &frequencies);
  writer->Add(part + ".frequencies", DType::kU16, {2, kScales, 32}, frequencies);
  std::vector<int8_t> shrink(4 * kScales);
  for (int8_t& v : shrink) v = static_cast<int8_t>(Uniform(random, 0, 8));
  writer->Add(part + ".shrink", DType::kI8, {2, kScales, 2}, shrink);
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
