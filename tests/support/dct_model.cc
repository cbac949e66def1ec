#include "support/dct_model.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <numbers>
#include <random>
#include <sstream>
#include <string>

#include "model/graph_description.h"
#include "model/safetensors.h"

namespace furl::test {
namespace {

using model::DType;
using model::TensorEntry;

constexpr int kLatents = 384;
constexpr int kInputs = 384;  // 16x16 luma and two 8x8 chroma blocks

// Collects tensors and keeps their bytes alive.
class TensorWriter {
 public:
  template <typename T>
  void Add(const std::string& name, DType dtype, std::vector<int64_t> shape,
           const std::vector<T>& values) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(values.data());
    storage_[name].assign(bytes, bytes + values.size() * sizeof(T));
    TensorEntry entry;
    entry.dtype = dtype;
    entry.shape = std::move(shape);
    entry.data = storage_[name];
    tensors_[name] = entry;
  }
  const std::map<std::string, TensorEntry>& tensors() const { return tensors_; }

 private:
  std::map<std::string, std::vector<uint8_t>> storage_;
  std::map<std::string, TensorEntry> tensors_;
};

// One cosine basis function of an n x n block at sample (x, y).
double Basis(int n, int u, int v, int x, int y) {
  const auto one = [n](int k, int i) {
    const double scale = k == 0 ? std::sqrt(1.0 / n) : std::sqrt(2.0 / n);
    return scale * std::cos((2 * i + 1) * k * std::numbers::pi / (2 * n));
  };
  return one(u, x) * one(v, y);
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

// What latent k is: plane (0 Y, 1 U, 2 V) and the rank of its frequency. Low
// channels must hold what matters, so chroma is spread among luma.
std::pair<int, int> LatentMeaning(int k) {
  const int group = k / 6;
  const int rest = k % 6;  // four luma, one U, one V
  if (rest < 4) return {0, group * 4 + rest};
  return {rest - 3, group};
}

// basis[latent][input], inputs in the order of space_to_depth of packed samples.
std::vector<double> MakeBasis() {
  std::vector<double> basis(kLatents * kInputs, 0.0);
  const auto luma = Frequencies(16);
  const auto chroma = Frequencies(8);
  for (int k = 0; k < kLatents; ++k) {
    const auto [plane, rank] = LatentMeaning(k);
    const int side = plane == 0 ? 8 : 4;  // within one packed position
    const int first = plane == 0 ? 0 : plane == 1 ? 64 : 80;
    const auto [u, v] = plane == 0 ? luma[rank] : chroma[rank];
    for (int y = 0; y < 2 * side; ++y) {
      for (int x = 0; x < 2 * side; ++x) {
        const int quarter = (y / side) * 2 + x / side;
        const int channel = first + (y % side) * side + x % side;
        basis[k * kInputs + quarter * 96 + channel] = Basis(2 * side, u, v, x, y);
      }
    }
  }
  return basis;
}

// int8 rows of `matrix` (rows x columns), each scaled to +-120, and the
// multipliers that give `gain` * matrix after `shift`.
void QuantizeRows(const std::vector<double>& matrix, int rows, int columns, double gain, int shift,
                  std::vector<int8_t>* weight, std::vector<int16_t>* mult) {
  for (int r = 0; r < rows; ++r) {
    double peak = 1e-9;
    for (int c = 0; c < columns; ++c) peak = std::max(peak, std::abs(matrix[r * columns + c]));
    const double scale = 120 / peak;
    for (int c = 0; c < columns; ++c) {
      weight->push_back(static_cast<int8_t>(std::lround(matrix[r * columns + c] * scale)));
    }
    mult->push_back(static_cast<int16_t>(std::lround(gain / scale * std::exp2(shift + 15))));
  }
}

class ModelMaker {
 public:
  ModelMaker(uint32_t seed, bool loop_filter) : random_(seed), loop_filter_(loop_filter) {}

  std::vector<uint8_t> Make(const std::string& recipe) {
    model::Architecture architecture = model::ParseArchitecture(recipe).value();
    for (auto& [name, graph] : architecture.graphs) {
      for (nn::Node& node : graph->nodes) {
        if (node.op == nn::Op::kConv16 && !node.name.ends_with(".offset")) {
          FillLinear(*graph, name.ends_with("synthesis"), &node);
        } else if (node.op == nn::Op::kConv || node.op == nn::Op::kConv16) {
          FillConv(*graph, architecture.qp_nodes.count(node.name) != 0, &node);
        } else if (node.op == nn::Op::kLap) {
          EmitLap(node.name, name.ends_with("synthesis"));
        }
      }
    }
    for (const char* half : {"intra", "inter"}) FillTables(half);
    const std::map<std::string, std::string> metadata = {
        {"furl_model", "1"},
        {"family", "vae"},
        {"name", "dct-test"},
        {"graphs", model::WriteGraphs(architecture.graphs)}};
    return model::WriteSafeTensors(metadata, writer_.tensors());
  }

 private:
  int Uniform(int lo, int hi) {
    return lo + static_cast<int>(random_() % static_cast<uint32_t>(hi - lo + 1));
  }

  void Emit(const nn::Graph& graph, const nn::Node& node) {
    const int64_t in = graph.tensors[node.in[0]].channels;
    const int64_t out = graph.tensors[node.out].channels;
    const nn::Weights& w = node.weights;
    writer_.Add(node.name + ".weight", DType::kI8, {out, node.kernel, node.kernel, in}, w.weight);
    std::vector<int64_t> bias_shape = {out};
    if (w.bias_rows == 64) bias_shape.insert(bias_shape.begin(), 64);
    writer_.Add(node.name + ".bias", DType::kI32, bias_shape, w.bias);
    writer_.Add(node.name + ".mult", DType::kI16, {out}, w.mult);
  }

  // Rotates neighbouring pairs of differences a little, synthesis back again.
  void EmitLap(const std::string& name, bool synthesis) {
    const auto add = [&](const char* suffix, int64_t side) {
      std::vector<int16_t> weights(side * side, 0);
      for (int64_t i = 0; i < side; ++i) {
        const bool down = (i % 2 == 0) == synthesis;
        weights[i * side + i] = static_cast<int16_t>(std::lround(8192 * (std::cos(0.2) - 1)));
        weights[i * side + (i ^ 1)] =
            static_cast<int16_t>(std::lround(8192 * (down ? -std::sin(0.2) : std::sin(0.2))));
      }
      writer_.Add(name + suffix, DType::kI16, {side, side}, weights);
    };
    add(".luma", nn::kLapLumaSide);
    add(".chroma", nn::kLapChromaSide);
  }

  void FillLinear(const nn::Graph& graph, bool synthesis, nn::Node* node) {
    const std::vector<double> basis = MakeBasis();
    if (synthesis) {
      std::vector<double> transposed(basis.size());
      for (int k = 0; k < kLatents; ++k) {
        for (int i = 0; i < kInputs; ++i) transposed[i * kLatents + k] = basis[k * kInputs + i];
      }
      node->shift = 4;
      QuantizeRows(transposed, kInputs, kLatents, 16, node->shift, &node->weights.weight,
                   &node->weights.mult);
      node->weights.bias.assign(kInputs, 0);
    } else {
      node->shift = 12;
      QuantizeRows(basis, kLatents, kInputs, 1.0 / 16, node->shift, &node->weights.weight,
                   &node->weights.mult);
      node->weights.bias.assign(kLatents, 0);
    }
    Emit(graph, *node);
  }

  void FillConv(const nn::Graph& graph, bool qp, nn::Node* node) {
    const int in = graph.tensors[node->in[0]].channels;
    const int out = graph.tensors[node->out].channels;
    node->shift = 6;
    for (int i = 0; i < out * node->kernel * node->kernel * in; ++i) {
      node->weights.weight.push_back(static_cast<int8_t>(Uniform(-12, 12)));
    }
    // Picture and latents are only touched lightly, scales are spread over the tables.
    const bool tail = node->name.ends_with(".tail") || node->name.ends_with(".offset");
    const bool scale = node->name.ends_with(".scale");
    node->weights.bias_rows = qp ? 64 : 1;
    for (int row = 0; row < node->weights.bias_rows; ++row) {
      for (int c = 0; c < out; ++c) {
        node->weights.bias.push_back(scale ? 20000 - 150 * row - 40 * c + Uniform(-500, 500)
                                           : Uniform(-2000, 2000));
      }
    }
    for (int c = 0; c < out; ++c) {
      node->weights.mult.push_back(
          static_cast<int16_t>(tail ? Uniform(500, 1500) : Uniform(8000, 12000)));
    }
    Emit(graph, *node);
  }

  void FillTables(const std::string& half) {
    std::vector<uint16_t> steps;
    for (int qp = 0; qp < 64; ++qp) {
      steps.insert(steps.end(), kLatents,
                   static_cast<uint16_t>(std::lround(32 * std::exp2(qp / 10.0))));
    }
    writer_.Add(half + ".steps", DType::kU16, {64, kLatents}, steps);
    std::vector<uint16_t> frequencies;
    for (int s = 0; s < 64; ++s) AddFrequencyRow(s, &frequencies);
    writer_.Add(half + ".frequencies", DType::kU16, {64, 32}, frequencies);
    std::vector<int8_t> shrink(128);
    for (int8_t& v : shrink) v = static_cast<int8_t>(Uniform(0, 8));
    writer_.Add(half + ".shrink", DType::kI8, {64, 2}, shrink);
    writer_.Add(half + ".z_zero", DType::kU16, {3, 32}, std::vector<uint16_t>(96, 40000));
    if (loop_filter_) FillFilter(half);
  }

  // Weak filters of all classes, with banks and thresholds that every QP has its own of.
  void FillFilter(const std::string& half) {
    constexpr int kBanks = 2;
    const int residuals = half == "inter" ? 3 : 1;
    for (const char* plane : {".filter_luma", ".filter_chroma"}) {
      std::vector<int16_t> taps(kBanks * residuals * 9 * 8 * 6);
      for (int16_t& tap : taps) tap = static_cast<int16_t>(Uniform(-20, 40));
      writer_.Add(half + plane, DType::kI16, {kBanks, residuals, 9, 8, 6}, taps);
    }
    std::vector<uint8_t> banks;
    std::vector<uint16_t> thresholds;
    for (int qp = 0; qp < 64; ++qp) {
      banks.push_back(qp < 30 ? 0 : 1);
      const double step = 32 * std::exp2(qp / 10.0);
      for (int i = 0; i < 7; ++i) {
        thresholds.push_back(static_cast<uint16_t>(4.5 * step * std::exp2(i - 4)));
      }
      thresholds.push_back(static_cast<uint16_t>(0.1 * step));
      thresholds.push_back(static_cast<uint16_t>(step));
    }
    writer_.Add(half + ".filter_bank", DType::kU8, {64}, banks);
    writer_.Add(half + ".filter_thresholds", DType::kU16, {64, 9}, thresholds);
  }

  // Laplace of the row's scale over hi = -15..15, and a small escape.
  static void AddFrequencyRow(int s, std::vector<uint16_t>* frequencies) {
    const int raw = s < 28 ? 0 : (s - 23) / 5;
    const double b = std::exp2(-3.5 + 0.2 * s - raw) / std::numbers::sqrt2;
    std::vector<double> p;
    for (int hi = -15; hi <= 15; ++hi) p.push_back(std::exp(-std::abs(hi) / b));
    p.push_back(p.front());
    double sum = 0;
    for (double v : p) sum += v;
    int left = 4096;
    for (int i = 0; i < 32; ++i) {
      if (i == 15) continue;  // the most likely one takes the rest
      left -= std::max(1, static_cast<int>(p[i] / sum * 4000));
    }
    for (int i = 0; i < 32; ++i) {
      frequencies->push_back(
          static_cast<uint16_t>(i == 15 ? left : std::max(1, static_cast<int>(p[i] / sum * 4000))));
    }
  }

  std::mt19937 random_;
  const bool loop_filter_;
  TensorWriter writer_;
};

}  // namespace

std::vector<uint8_t> MakeDctModelFile(uint32_t seed, bool loop_filter) {
  std::ifstream file(std::string(FURL_SOURCE_DIR) + "/recipes/transform_s.json");
  std::stringstream text;
  text << file.rdbuf();
  return ModelMaker(seed, loop_filter).Make(text.str());
}

model::ModelPtr MakeDctModel(uint32_t seed, bool loop_filter) {
  auto model = model::Model::Parse(MakeDctModelFile(seed, loop_filter));
  if (!model.ok()) {
    std::fprintf(stderr, "test model: %s\n", model.status().message().c_str());
    std::abort();
  }
  return model.value();
}

}  // namespace furl::test
