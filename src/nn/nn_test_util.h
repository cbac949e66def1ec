// Helpers of the nn tests: seeded random numbers that are the same on every
// machine (no std distributions), random tensors and random convolutions.

#ifndef FURL_NN_NN_TEST_UTIL_H_
#define FURL_NN_NN_TEST_UTIL_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nn/graph/graph.h"
#include "nn/graph/graph_check.h"
#include "nn/kernels/kernels.h"
#include "nn/ops/operator.h"
#include "nn/tensor.h"

namespace furl::nn {

// SplitMix64 (Steele, Lea, Flood 2014).
class TestRandom {
 public:
  explicit TestRandom(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  // Uniform in [low, high].
  int Int(int low, int high) {
    return static_cast<int>(low + int64_t(Next() % (uint64_t(int64_t{high} - low) + 1)));
  }

 private:
  uint64_t state_;
};

// How extreme the values of a test are.
enum class Fill { kRandom, kMax, kMin, kMixed };

inline int FillValue(TestRandom& random, Fill fill, int low, int high) {
  switch (fill) {
    case Fill::kRandom: return random.Int(low, high);
    case Fill::kMax: return high;
    case Fill::kMin: return low;
    case Fill::kMixed: return random.Int(0, 1) != 0 ? low : high;
  }
  return 0;
}

inline void FillTensor(TestRandom& random, Fill fill, Tensor* tensor) {
  const bool u7 = tensor->format() == Format::kU7;
  for (int y = 0; y < tensor->height(); ++y) {
    for (int x = 0; x < tensor->width(); ++x) {
      for (int c = 0; c < tensor->channels(); ++c) {
        const int v =
            u7 ? FillValue(random, fill, 0, 127) : FillValue(random, fill, INT16_MIN, INT16_MAX);
        if (u7) {
          tensor->U7(y, x)[c] = static_cast<uint8_t>(v);
        } else {
          tensor->S16(y, x)[c] = static_cast<int16_t>(v);
        }
      }
    }
  }
}

// The AMX kernels on emulated tile instructions (amx_emulation_test.cc); null
// where the machine lacks the vector instructions around them.
const Kernels* EmulatedAmxKernels();

struct ConvSpec {
  Op op = Op::kConv;
  int in_channels = 16;
  int out_channels = 16;
  int kernel = 1;
  ConvForm form = ConvForm::kS16;
  int bias_rows = 1;
  Fill weight_fill = Fill::kRandom;
};

// Weights, biases, shift and mult of a convolution whose sums use much of the
// 16 bits behind the shift and are proven not to overflow.
inline Node RandomConvNode(TestRandom& random, const ConvSpec& spec) {
  Node node;
  node.op = spec.op;
  node.name = "conv";
  node.in = {0};
  if (spec.form == ConvForm::kAdd) node.in.push_back(1);
  node.kernel = spec.kernel;
  node.form = spec.form;
  const int terms = spec.in_channels * spec.kernel * spec.kernel;
  Weights& w = node.weights;
  w.weight.resize(size_t(spec.out_channels) * terms);
  for (int8_t& v : w.weight) {
    v = static_cast<int8_t>(FillValue(random, spec.weight_fill, -127, 127));
  }
  const int range = spec.op == Op::kConv16 ? 16383 : 127;
  node.shift = 0;
  while (node.shift < kMaxConvShift && (int64_t{terms} * range * 127 >> node.shift) > 1 << 18) {
    ++node.shift;
  }
  w.bias_rows = spec.bias_rows;
  w.bias.resize(size_t(spec.out_channels) * spec.bias_rows);
  for (int32_t& v : w.bias) v = random.Int(-(1 << (node.shift + 10)), 1 << (node.shift + 10));
  w.mult.resize(spec.out_channels);
  for (int16_t& v : w.mult) {
    v = static_cast<int16_t>(random.Int(0, 3) == 0 ? 32767 : random.Int(1, 2000));
  }
  return node;
}

// Fills `out` by the scalar definition of the node's operator; node.in are
// indices into `tensors`.
inline void RunScalar(const Node& node, int bias_row, std::span<const Tensor* const> tensors,
                      Tensor* out) {
  const PackedNumbers none;
  OperatorOf(node).run({.node = node,
                        .kernels = nullptr,
                        .packed = none,
                        .bias_row = bias_row,
                        .tensors = tensors.data(),
                        .high = nullptr,
                        .low = nullptr,
                        .out = out},
                       0, out->height());
}

// The same for an operator without numbers and with one input.
inline void RunScalar(Op op, const Tensor& in, Tensor* out) {
  Node node;
  node.op = op;
  node.in = {0};
  const Tensor* tensors[] = {&in};
  RunScalar(node, 0, tensors, out);
}

inline TensorInfo Info(std::string name, Format format, int channels, int scale) {
  TensorInfo info;
  info.name = std::move(name);
  info.format = format;
  info.channels = channels;
  info.scale = scale;
  info.rounded_scale = CanonicalRoundedScale(scale, scale);
  return info;
}

// Builds graphs node by node, the way a loader does.
class GraphBuilder {
 public:
  GraphBuilder() : graph_(std::make_shared<Graph>()) { graph_->name = "test"; }

  int Input(Format format, int channels, int scale) {
    const int index = static_cast<int>(graph_->tensors.size());
    graph_->tensors.push_back(Info("t" + std::to_string(index), format, channels, scale));
    graph_->inputs.push_back(index);
    return index;
  }
  // Adds the node; returns the index of its output, or -1 if nothing fits.
  int Add(Node node, std::vector<int> in) {
    const int index = static_cast<int>(graph_->tensors.size());
    node.in = std::move(in);
    node.out = index;
    if (node.name.empty()) node.name = "n" + std::to_string(index);
    Result<TensorInfo> info =
        InferOutput(*graph_, node, static_cast<int>(node.weights.mult.size()));
    if (!info.ok()) return -1;
    info->name = "t" + std::to_string(index);
    graph_->tensors.push_back(*info);
    graph_->nodes.push_back(std::move(node));
    return index;
  }
  int Add(Op op, std::vector<int> in, int shift = 0) {
    Node node;
    node.op = op;
    node.shift = shift;
    return Add(std::move(node), std::move(in));
  }
  int Conv(TestRandom& random, ConvSpec spec, std::vector<int> in) {
    spec.in_channels = graph_->tensors[in[0]].channels;
    return Add(RandomConvNode(random, spec), std::move(in));
  }
  std::shared_ptr<Graph> Finish(std::vector<int> outputs) {
    graph_->outputs = std::move(outputs);
    return graph_;
  }

 private:
  std::shared_ptr<Graph> graph_;
};

}  // namespace furl::nn

#endif  // FURL_NN_NN_TEST_UTIL_H_
