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

#include "image/coding_scales.h"
#include "model/graph_description.h"
#include "model/safetensors.h"
#include "support/transform_tensors.h"

namespace furl::test {
namespace {

using model::DType;

// One cosine basis function of an n x n block at sample (x, y).
double Basis(int n, int u, int v, int x, int y) {
  const auto one = [n](int k, int i) {
    const double scale = k == 0 ? std::sqrt(1.0 / n) : std::sqrt(2.0 / n);
    return scale * std::cos((2 * i + 1) * k * std::numbers::pi / (2 * n));
  };
  return one(u, x) * one(v, y);
}

std::vector<double> MakeBasis() { return MakeTransform<double>(Basis); }

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
          AddLap(node.name, name.ends_with("synthesis"), &writer_);
        }
      }
    }
    for (const char* part : {"intra", "inter"}) FillTables(part);
    const std::map<std::string, std::string> metadata = {
        {"furl_model", "2"},
        {"family", "transform"},
        {"name", "dct-test"},
        {"graphs", model::WriteGraphs(architecture.graphs, architecture.encoder_graphs)}};
    return model::WriteSafeTensors(metadata, writer_.tensors());
  }

 private:
  void Emit(const nn::Graph& graph, const nn::Node& node) {
    const int64_t in = graph.tensors[node.in[0]].channels;
    const int64_t out = graph.tensors[node.out].channels;
    const nn::Weights& w = node.weights;
    writer_.Add(node.name + ".weight", DType::kI8, {out, node.kernel, node.kernel, in}, w.weight);
    std::vector<int64_t> bias_shape = {out};
    if (w.bias_rows == kNumQps) bias_shape.insert(bias_shape.begin(), kNumQps);
    writer_.Add(node.name + ".bias", DType::kI32, bias_shape, w.bias);
    writer_.Add(node.name + ".mult", DType::kI16, {out}, w.mult);
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
      node->weights.weight.push_back(static_cast<int8_t>(Uniform(random_, -12, 12)));
    }
    // Picture and latents are only touched lightly, scales are spread over the tables.
    const bool tail = node->name.ends_with(".tail") || node->name.ends_with(".offset");
    const bool scale = node->name.ends_with(".scale");
    node->weights.bias_rows = qp ? kNumQps : 1;
    for (int row = 0; row < node->weights.bias_rows; ++row) {
      for (int c = 0; c < out; ++c) {
        node->weights.bias.push_back(scale
                                         ? 20000 - 150 * row - 40 * c + Uniform(random_, -500, 500)
                                         : Uniform(random_, -2000, 2000));
      }
    }
    for (int c = 0; c < out; ++c) {
      node->weights.mult.push_back(
          static_cast<int16_t>(tail ? Uniform(random_, 500, 1500) : Uniform(random_, 8000, 12000)));
    }
    Emit(graph, *node);
  }

  void FillTables(const std::string& part) {
    AddSteps(part, &writer_);
    std::vector<uint16_t> frequencies;
    for (int s = 0; s < 64; ++s) AddFrequencyRow(s, &frequencies);
    writer_.Add(part + ".frequencies", DType::kU16, {64, 32}, frequencies);
    std::vector<int8_t> shrink(128);
    for (int8_t& v : shrink) v = static_cast<int8_t>(Uniform(random_, 0, 8));
    writer_.Add(part + ".shrink", DType::kI8, {64, 2}, shrink);
    writer_.Add(part + ".z_zero", DType::kU16, {3, 32}, std::vector<uint16_t>(96, 40000));
    if (loop_filter_) AddLoopFilter(part, random_, &writer_);
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
