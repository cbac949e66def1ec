#include "support/tiny_model.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <map>
#include <random>
#include <string>

#include "image/coding_scales.h"
#include "model/graph_description.h"
#include "model/safetensors.h"
#include "nn/ops/lap.h"
#include "support/tiny_graphs.h"

namespace furl::test {
namespace {

using model::DType;
using model::TensorEntry;

constexpr int kLatents = 384;
constexpr int kInputs = 384;  // 16x16 luma and two 8x8 chroma blocks
constexpr int kScales = 64;

// 2^14 cos(j pi / 32).
constexpr std::array<int, 17> kCosines = {16384, 16305, 16069, 15679, 15137, 14449,
                                          13623, 12665, 11585, 10394, 9102,  7723,
                                          6270,  4756,  3196,  1606,  0};
// 2^12 2^(i / 10).
constexpr std::array<int, 10> kPowers = {4096, 4390, 4705, 5043, 5405,
                                         5793, 6208, 6654, 7132, 7643};
// 2^16 exp(-sqrt(2) / sigma) of scale indices 0..32; later ones repeat the last five.
constexpr std::array<int, 33> kDecay = {
    0,     0,     0,     2,     7,     22,    62,    153,   334,   662,   1200,
    2015,  3162,  4681,  6588,  8869,  11490, 14395, 17516, 20778, 24109, 27441,
    30715, 33881, 36901, 39750, 42407, 44866, 33881, 36901, 39750, 42407, 44866};

int Cosine(int j) {
  j &= 63;
  if (j > 32) j = 64 - j;
  return j <= 16 ? kCosines[j] : -kCosines[32 - j];
}

// Basis function k of a DCT of n = 8 or 16 samples at sample i, without the factor sqrt(2 / n).
int Basis(int n, int k, int i) {
  const int cosine = Cosine((2 * i + 1) * k * (16 / n));
  return k == 0 ? kCosines[8] : cosine;
}

// Pairs (u, v) by rising frequency.
std::vector<std::pair<int, int>> Frequencies(int n) {
  std::vector<std::pair<int, int>> order;
  for (int sum = 0; sum <= 2 * (n - 1); ++sum) {
    for (int u = std::max(0, sum - n + 1); u <= std::min(sum, n - 1); ++u) {
      order.emplace_back(u, sum - u);
    }
  }
  return order;
}

// [latent][input] in 2^-28, without the factor 2 / n. Of six latents four are luma.
std::vector<int> MakeBasis() {
  std::vector<int> basis(kLatents * kInputs, 0);
  const auto luma = Frequencies(16);
  const auto chroma = Frequencies(8);
  for (int k = 0; k < kLatents; ++k) {
    const int plane = std::max(0, k % 6 - 3);
    const int side = plane == 0 ? 8 : 4;  // within one packed position
    const int first = plane == 0 ? 0 : plane == 1 ? 64 : 80;
    const auto [u, v] = plane == 0 ? luma[k / 6 * 4 + k % 6] : chroma[k / 6];
    for (int y = 0; y < 2 * side; ++y) {
      for (int x = 0; x < 2 * side; ++x) {
        const int quarter = (y / side) * 2 + x / side;
        const int channel = first + (y % side) * side + x % side;
        basis[k * kInputs + quarter * 96 + channel] = Basis(2 * side, u, x) * Basis(2 * side, v, y);
      }
    }
  }
  return basis;
}

// 16 log2(x), linear between powers of two.
int Log16(uint32_t x) {
  const int floor = std::bit_width(x) - 1;
  return 16 * floor + static_cast<int>(((x << 4) >> floor) - 16);
}

class TinyModelMaker {
 public:
  std::vector<uint8_t> Make() {
    model::Architecture architecture = model::ParseArchitecture(TinyArchitecture()).value();
    graphs_ = std::move(architecture.graphs);
    for (auto& [name, graph] : graphs_) {
      for (nn::Node& node : graph->nodes) Fill(*graph, &node);
    }
    for (const std::string half : {"intra", "inter"}) {
      FillSymbolTables(half);
      FillFilter(half);
    }
    return model::WriteSafeTensors(
        {{"furl_model", "2"},
         {"family", kTinyFamily},
         {"name", "tiny-test"},
         {"graphs", model::WriteGraphs(graphs_, architecture.encoder_graphs)}},
        tensors_);
  }

 private:
  // How the weights and biases of a convolution are drawn.
  struct Draw {
    int low = 0, high = 0;  // of weights
    int bias = 0;
    int mult = 16384;
  };

  int Uniform(int lo, int hi) {
    return lo + static_cast<int>(random_() % static_cast<uint32_t>(hi - lo + 1));
  }

  template <typename T>
  void Add(const std::string& name, DType dtype, std::vector<int64_t> shape,
           const std::vector<T>& values) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(values.data());
    storage_[name].assign(bytes, bytes + values.size() * sizeof(T));
    tensors_[name] = {dtype, std::move(shape), storage_[name]};
  }

  void Fill(const nn::Graph& graph, nn::Node* node) {
    const bool inter = graph.name.starts_with("inter");
    if (node->op == nn::Op::kLap) {
      FillLap(node->name, graph.name.ends_with("synthesis"));
    } else if (node->op == nn::Op::kQuant) {
      node->shift = 3;
    } else if (node->name.ends_with(".dct")) {
      FillTransform(node->name, graph.name.ends_with("synthesis"));
      node->shift = graph.name.ends_with("synthesis") ? 4 : 12;
    } else if (node->name.ends_with(".offset")) {
      FillOffset(graph, node);
    } else if (node->name.ends_with(".scale")) {
      FillScale(graph, inter, node);
    } else if (node->op == nn::Op::kConv) {
      FillConv(graph, node, DrawOf(*node));
    }
  }

  static Draw DrawOf(const nn::Node& node) {
    const auto is = [&](const char* suffix) { return node.name.ends_with(suffix); };
    if (is(".mean")) return {-6, 6, 0, 16384};
    if (is("hyper_analysis.h0")) return {-1, 3, -600, 16384};
    if (is("hyper_analysis.z")) return {-3, 6, -500, 16384};
    if (is(".context")) return {-2, 5, -300, 16384};
    if (is("prior_init.pred")) return {-2, 2, 0, 8192};
    if (is("prior_init.diff")) return {0, 2, -100, 16384};
    return {-3, 6, -100, 16384};
  }

  void FillConv(const nn::Graph& graph, nn::Node* node, const Draw& draw) {
    const int in = graph.tensors[node->in[0]].channels;
    const int out = graph.tensors[node->out].channels;
    node->shift = 6;
    std::vector<int8_t> weights(out * node->kernel * node->kernel * in);
    for (int8_t& w : weights) w = static_cast<int8_t>(Uniform(draw.low, draw.high));
    std::vector<int32_t> bias(out);
    for (int32_t& b : bias) b = draw.bias + Uniform(-100, 100);
    Emit(*node, in, out, weights, bias, std::vector<int16_t>(out, static_cast<int16_t>(draw.mult)));
  }

  void Emit(const nn::Node& node, int64_t in, int64_t out, const std::vector<int8_t>& weights,
            const std::vector<int32_t>& bias, const std::vector<int16_t>& mult) {
    Add(node.name + ".weight", DType::kI8, {out, node.kernel, node.kernel, in}, weights);
    std::vector<int64_t> shape = {out};
    if (static_cast<int64_t>(bias.size()) > out) shape.insert(shape.begin(), kNumQps);
    Add(node.name + ".bias", DType::kI32, shape, bias);
    Add(node.name + ".mult", DType::kI16, {out}, mult);
  }

  // A scale falls with QP and frequency, and rises with what the trunk found.
  void FillScale(const nn::Graph& graph, bool inter, nn::Node* node) {
    const int in = graph.tensors[node->in[0]].channels;
    const int out = graph.tensors[node->out].channels;
    const int first = kTinyFirstChannel[graph.name.back() - '0'];
    node->shift = 6;
    node->weights.bias_rows = kNumQps;
    std::vector<int8_t> weights(out * in);
    for (int8_t& w : weights) w = static_cast<int8_t>(Uniform(-1, 3));
    std::vector<int32_t> bias;
    for (int qp = 0; qp < kNumQps; ++qp) {
      for (int c = 0; c < out; ++c) {
        const int value = (inter ? 70 : 95) - 11 * Log16(1 + first + c) / 16 - qp;
        bias.push_back(128 * value + Uniform(-100, 100));
      }
    }
    Emit(*node, in, out, weights, bias, std::vector<int16_t>(out, 16384));
  }

  // Expects a quarter of what the same latent of the neighbours before and behind holds.
  void FillOffset(const nn::Graph& graph, nn::Node* node) {
    const int in = graph.tensors[node->in[0]].channels;
    const int out = graph.tensors[node->out].channels;
    node->shift = 4;
    std::vector<int8_t> weights(out * 9 * in);
    for (int o = 0; o < out; ++o) {
      for (int tap = 0; tap < 9; ++tap) {
        if (tap != 4) weights[(o * 9 + tap) * in + o % in] = out == in && o < 3 ? 14 : 1;
      }
    }
    Emit(*node, in, out, weights, std::vector<int32_t>(out), std::vector<int16_t>(out, 8192));
  }

  // Rotates neighbouring pairs of differences by 0.2, the synthesis back again.
  void FillLap(const std::string& name, bool synthesis) {
    const auto add = [&](const char* suffix, int64_t side) {
      std::vector<int16_t> weights(side * side, 0);
      for (int64_t i = 0; i < side; ++i) {
        const bool down = (i % 2 == 0) == synthesis;
        weights[i * side + i] = -163;
        weights[i * side + (i ^ 1)] = down ? -1627 : 1627;
      }
      Add(name + suffix, DType::kI16, {side, side}, weights);
    };
    add(".luma", nn::kLapWideSide);
    add(".chroma", nn::kLapNarrowSide);
  }

  // Rows scaled to +-120; samples have 12 bits, latents 8: the gain is 1/16, back 16.
  void FillTransform(const std::string& name, bool synthesis) {
    const std::vector<int> basis = MakeBasis();
    std::vector<int8_t> weights;
    std::vector<int16_t> mult;
    for (int r = 0; r < kLatents; ++r) {
      const bool luma = synthesis ? r % 96 < 64 : r % 6 < 4;
      const auto at = [&](int c) {
        return int64_t{basis[synthesis ? c * kInputs + r : r * kInputs + c]};
      };
      int64_t peak = 1;
      for (int c = 0; c < kInputs; ++c) peak = std::max(peak, std::abs(at(c)));
      for (int c = 0; c < kInputs; ++c) {
        const int64_t rounded = (std::abs(at(c)) * 240 + peak) / (2 * peak);
        weights.push_back(static_cast<int8_t>(at(c) < 0 ? -rounded : rounded));
      }
      mult.push_back(static_cast<int16_t>(peak / ((luma ? 8 : 4) * 3840)));
    }
    Add(name + ".weight", DType::kI8, {kLatents, 1, 1, kInputs}, weights);
    Add(name + ".bias", DType::kI32, {kLatents}, std::vector<int32_t>(kLatents));
    Add(name + ".mult", DType::kI16, {kLatents}, mult);
  }

  static int StepOf(int qp) { return (32 * kPowers[qp % 10] << (qp / 10)) >> 12; }

  void FillSymbolTables(const std::string& half) {
    std::vector<uint16_t> steps;
    for (int qp = 0; qp < kNumQps; ++qp) {
      steps.insert(steps.end(), kLatents, static_cast<uint16_t>(StepOf(qp)));
    }
    Add(half + ".steps", DType::kU16, {kNumQps, kLatents}, steps);
    std::vector<uint16_t> frequencies;
    for (int row = 0; row < 2 * kScales; ++row) AddFrequencies(row, &frequencies);
    Add(half + ".frequencies", DType::kU16, {2, kScales, 32}, frequencies);
    std::vector<int8_t> shrink(4 * kScales);
    for (int8_t& v : shrink) v = static_cast<int8_t>(Uniform(0, 8));
    Add(half + ".shrink", DType::kI8, {2, kScales, 2}, shrink);
    std::vector<uint16_t> z_zero;
    for (const uint16_t p : {60000, 45000, 30000}) z_zero.insert(z_zero.end(), 32, p);
    Add(half + ".z_zero", DType::kU16, {3, 32}, z_zero);
  }

  // Magnitudes that decay geometrically; the reach ends where nothing is left of 4000.
  static void AddFrequencies(int row, std::vector<uint16_t>* frequencies) {
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
      const int part = static_cast<int>(int64_t{weights[m]} * 4000 / sum);
      out[15 - m] = out[15 + m] = static_cast<uint16_t>(m == 1 ? std::max(1, part) : part);
      left -= 2 * out[15 + m];
    }
    out[31] = std::max<uint16_t>(1, out[30]);
    out[15] = static_cast<uint16_t>(left - out[31]);
    frequencies->insert(frequencies->end(), out.begin(), out.end());
  }

  // Weak filters of all classes, with banks and thresholds that every QP has its own of.
  void FillFilter(const std::string& half) {
    constexpr int kBanks = 2;
    const int residuals = half == "inter" ? 3 : 1;
    for (const char* plane : {".filter_luma", ".filter_chroma"}) {
      std::vector<int16_t> taps(kBanks * residuals * 9 * 8 * 6);
      for (int16_t& tap : taps) tap = static_cast<int16_t>(Uniform(-20, 40));
      Add(half + plane, DType::kI16, {kBanks, residuals, 9, 8, 6}, taps);
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
    Add(half + ".filter_bank", DType::kU8, {kNumQps}, banks);
    Add(half + ".filter_thresholds", DType::kU16, {kNumQps, 9}, thresholds);
  }

  std::mt19937 random_{1};
  model::GraphMap graphs_;
  std::map<std::string, std::vector<uint8_t>> storage_;  // keeps the bytes of tensors_ alive
  std::map<std::string, TensorEntry> tensors_;
};

}  // namespace

std::vector<uint8_t> MakeTinyModelFile() { return TinyModelMaker().Make(); }

Result<model::ModelPtr> MakeTinyModel() { return model::Model::Parse(MakeTinyModelFile()); }

}  // namespace furl::test
