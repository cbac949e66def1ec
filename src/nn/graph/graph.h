// Graph: the description of one integer network, as plain data. The operators
// and their exact arithmetic are defined in docs/numerics.md, the JSON form in
// docs/model-format.md. A Graph says what to compute; nn/plan.h computes it.

#ifndef FURL_NN_GRAPH_GRAPH_H_
#define FURL_NN_GRAPH_GRAPH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace furl::nn {

inline constexpr int kBiasRows = 64;  // of a bias with a row for each of a run's levels

enum class Format : uint8_t { kU7, kS16 };

// Each has a row of its own in nn/ops/operators.cc, in this order.
enum class Op : uint8_t {
  kConv,    // u7 -> u7 or s16
  kConv16,  // s16 (14 bit) -> s16
  kQuant,   // s16 -> u7
  kAdd,     // s16 + s16 -> s16
  kConcat,
  kSpaceToDepth,
  kDepthToSpace,
  kCrop,
  kLap,      // s16 -> s16: overlap of neighbouring blocks
  kMaxPool,  // u7 -> u7
  kUpsample,
  kGate,  // s16 times u7 -> s16
};

// What a convolution does with its requantized sum.
enum class ConvForm : uint8_t { kRelu, kS16, kAdd };

// The numbers of a convolution (weight, bias, mult), of a quant (bias holds the
// offsets) or of a lap. Shared and immutable once loaded.
struct Weights {
  std::vector<int8_t> weight;  // [out][ky][kx][in]
  std::vector<int32_t> bias;   // [bias_rows][out]
  int bias_rows = 1;           // 1, or kBiasRows
  std::vector<int16_t> mult;   // [out]
  std::vector<int16_t> lap;    // two square matrices (nn/ops/lap.h), in 1/16384
};

struct Node {
  Op op = Op::kAdd;
  std::string name;
  std::vector<int> in;  // indices of tensors
  int out = 0;          // index of a tensor
  // Convolutions:
  int kernel = 1;  // 1 or 3
  ConvForm form = ConvForm::kS16;
  int shift = 0;  // also of quant
  Weights weights;
};

// A tensor's spatial size follows from the latent grid h x w (scale 16):
// scale 4 has 4h x 4w positions, 8 2h x 2w, 16 h x w, 32 and 64 ceil(h/2), ceil(h/4). An
// overhanging tensor came out of depth_to_space above an odd size: its side is a
// multiple of rounded_scale / scale, and it meets others only behind a kCrop.
struct TensorInfo {
  std::string name;
  Format format = Format::kS16;
  int channels = 0;
  int scale = 16;  // luma samples per position
  int rounded_scale =
      16;  // coarsest scale on the way: sides are multiples of rounded_scale / scale
};

struct Graph {
  std::string name;
  std::vector<TensorInfo> tensors;  // inputs first, then one per node
  std::vector<int> inputs;
  std::vector<Node> nodes;  // in order of execution
  std::vector<int> outputs;
};

// Height (or width) of a tensor for a latent grid of that height (or width).
int SideAtScale(int latent_side, int scale, int rounded_scale);

// Multiply-accumulates of a graph that may be run, per luma sample.
double MacsPerPixel(const Graph& graph);

// All work of it per luma sample, in multiply-accumulates: values that are only moved, added or
// put together count as well, so that no graph is cheap that takes long.
double WorkPerPixel(const Graph& graph);

}  // namespace furl::nn

#endif  // FURL_NN_GRAPH_GRAPH_H_
