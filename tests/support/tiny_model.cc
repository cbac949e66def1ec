#include "support/tiny_model.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <random>
#include <string>

#include "image/coding_scales.h"
#include "model/graph_description.h"
#include "model/safetensors.h"
#include "support/tiny_graphs.h"
#include "support/transform_tensors.h"

namespace furl::test {
namespace {

using model::DType;

// 2^14 cos(j pi / 32).
constexpr std::array<int, 17> kCosines = {16384, 16305, 16069, 15679, 15137, 14449,
                                          13623, 12665, 11585, 10394, 9102,  7723,
                                          6270,  4756,  3196,  1606,  0};
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

// In 2^-28, without the factor 2 / n.
std::vector<int> MakeBasis() {
  return MakeTransform<int>(
      [](int n, int u, int v, int x, int y) { return Basis(n, u, x) * Basis(n, v, y); });
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
    for (const std::string part : {"intra", "inter"}) {
      FillSymbolTables(part);
      AddLoopFilter(part, random_, &writer_);
    }
    return model::WriteSafeTensors(
        {{"furl_model", "2"},
         {"family", kTinyFamily},
         {"name", "tiny-test"},
         {"graphs", model::WriteGraphs(graphs_, architecture.encoder_graphs)}},
        writer_.tensors());
  }

 private:
  // How the weights and biases of a convolution are drawn.
  struct Draw {
    int low = 0, high = 0;  // of weights
    int bias = 0;
    int mult = 16384;
  };

  void Fill(const nn::Graph& graph, nn::Node* node) {
    const bool inter = graph.name.starts_with("inter");
    if (node->op == nn::Op::kLap) {
      AddLap(node->name, graph.name.ends_with("synthesis"), &writer_);
    } else if (node->op == nn::Op::kQuant) {
      node->shift = 3;
    } else if (node->name.ends_with(".dct")) {
      FillTransform(node->name, graph.name.ends_with("synthesis"));
      node->shift = graph.name.ends_with("synthesis") ? 4 : 12;
    } else if (node->name.ends_with(".offset")) {
      FillOffset(graph, node);
    } else if (node->name.ends_with(".scale")) {
      FillScale(graph, inter, node);
    } else if (node->name.ends_with("hyper_analysis.z")) {
      FillHyper(graph, node);
    } else if (node->op == nn::Op::kConv) {
      FillConv(graph, node, DrawOf(*node));
    }
  }

  static Draw DrawOf(const nn::Node& node) {
    const auto is = [&](const char* suffix) { return node.name.ends_with(suffix); };
    if (is(".mean")) return {-6, 6, 0, 16384};
    if (is("hyper_analysis.h0")) return {-1, 3, -600, 16384};
    if (is("prior_init.h0")) return {60, 120, 0, 32767};
    if (is("prior_init.h1")) return {4, 16, 0, 32767};
    if (is("prior_init.trunk")) return {0, 12, 0, 32767};
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
    for (int8_t& w : weights) w = static_cast<int8_t>(Uniform(random_, draw.low, draw.high));
    std::vector<int32_t> bias(out);
    for (int32_t& b : bias) b = draw.bias + Uniform(random_, -100, 100);
    Emit(*node, in, out, weights, bias, std::vector<int16_t>(out, static_cast<int16_t>(draw.mult)));
  }

  void Emit(const nn::Node& node, int64_t in, int64_t out, const std::vector<int8_t>& weights,
            const std::vector<int32_t>& bias, const std::vector<int16_t>& mult) {
    writer_.Add(node.name + ".weight", DType::kI8, {out, node.kernel, node.kernel, in}, weights);
    std::vector<int64_t> shape = {out};
    if (static_cast<int64_t>(bias.size()) > out) shape.insert(shape.begin(), kNumQps);
    writer_.Add(node.name + ".bias", DType::kI32, shape, bias);
    writer_.Add(node.name + ".mult", DType::kI16, {out}, mult);
  }

  // Two of the values say how busy a place is; the others stay 0, so that z costs little.
  void FillHyper(const nn::Graph& graph, nn::Node* node) {
    const int in = graph.tensors[node->in[0]].channels;
    const int out = graph.tensors[node->out].channels;
    node->shift = 4;
    std::vector<int8_t> weights(out * in);
    for (int i = 0; i < 2 * in; ++i) weights[i] = static_cast<int8_t>(Uniform(random_, 0, 4));
    std::vector<int32_t> bias(out);
    Emit(*node, in, out, weights, bias, std::vector<int16_t>(out, 16384));
  }

  // A scale falls with QP and frequency, and rises with what the trunk found.
  void FillScale(const nn::Graph& graph, bool inter, nn::Node* node) {
    const int in = graph.tensors[node->in[0]].channels;
    const int out = graph.tensors[node->out].channels;
    const int first = kTinyFirstChannel[graph.name.back() - '0'];
    node->shift = 6;
    node->weights.bias_rows = kNumQps;
    std::vector<int8_t> weights(out * in);
    for (int8_t& w : weights) w = static_cast<int8_t>(Uniform(random_, -1, 3));
    std::vector<int32_t> bias;
    for (int qp = 0; qp < kNumQps; ++qp) {
      for (int c = 0; c < out; ++c) {
        const int value = (inter ? 50 : 70) - 11 * Log16(1 + first + c) / 16 - qp;
        bias.push_back(128 * value + Uniform(random_, -100, 100));
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
    writer_.Add(name + ".weight", DType::kI8, {kLatents, 1, 1, kInputs}, weights);
    writer_.Add(name + ".bias", DType::kI32, {kLatents}, std::vector<int32_t>(kLatents));
    writer_.Add(name + ".mult", DType::kI16, {kLatents}, mult);
  }

  void FillSymbolTables(const std::string& part) {
    AddSteps(part, &writer_);
    AddSymbolTables(part, random_, &writer_);
    std::vector<uint16_t> z_zero;
    for (const uint16_t p : {60000, 45000, 30000}) z_zero.insert(z_zero.end(), 32, p);
    writer_.Add(part + ".z_zero", DType::kU16, {3, 32}, z_zero);
  }

  std::mt19937 random_{1};
  model::GraphMap graphs_;
  TensorWriter writer_;
};

}  // namespace

std::vector<uint8_t> MakeTinyModelFile() { return TinyModelMaker().Make(); }

Result<model::ModelPtr> MakeTinyModel() { return model::Model::Parse(MakeTinyModelFile()); }

}  // namespace furl::test
