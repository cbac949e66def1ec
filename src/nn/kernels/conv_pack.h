// Convolution weights in the order in which SIMD kernels read them.
//
// Because tensors carry a zero border and positions lie side by side, a k x k
// convolution reads k *segments*, each k * in_channels bytes without a gap. A
// kernel walks a segment by *quads* of 4 bytes, and multiplies each with the
// weights of a *block*: 1...max_pairs *pairs*, a pair being two accumulators of
// `lanes` int32. weights: [block][segment][quad][pair][2 * lanes outputs x 4].
//
// Within a pair the outputs are ordered so that the usual narrowing of two
// int32 vectors (per 128-bit lane: four of the first, four of the second)
// leaves 2 * lanes int16 in channel order.

#ifndef FURL_NN_KERNELS_CONV_PACK_H_
#define FURL_NN_KERNELS_CONV_PACK_H_

#include <cstdint>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/status.h"
#include "nn/graph/graph.h"

namespace furl::nn {

// Order of the 2 * lanes x 4 weights of a pair and quad.
enum class QuadOrder : uint8_t {
  kDot,     // [accumulator][lane][input 0...3]
  kHalves,  // [accumulator][inputs 01 | 23][lane][2]
  kPairs,   // [inputs 01 | 23][accumulator][lane][2]
  kPlanar,  // [input][2 * lanes in channel order]
};

struct PackSpec {
  int lanes = 4;
  int max_pairs = 1;
  int segment_multiple = 4;  // bytes; segments are filled up with zero weights
  QuadOrder order = QuadOrder::kDot;
};

struct PackedConv {
  struct Block {
    int first_output = 0;
    int pairs = 0;
    size_t offset = 0;  // into weights
  };

  int in_channels = 0;
  int out_channels = 0;
  int padded_outputs = 0;  // multiple of 2 * lanes
  int kernel = 1;          // = number of segments
  int quads = 0;           // per segment
  int shift = 0;
  bool digits = false;  // conv16
  ConvForm form = ConvForm::kS16;
  std::vector<Block> blocks;
  AlignedBuffer<int8_t> weights;
  // [bias row][padded_outputs] in accumulator order, with the rounding of the
  // shift and the offset of conv16 folded in.
  AlignedBuffer<int32_t> bias;
  AlignedBuffer<int16_t> mult;  // [padded_outputs] in channel order
};

// Packs a validated convolution. Fails with kOutOfMemory.
Status PackConv(const Node& node, const PackSpec& spec, PackedConv* packed);

// One run of a packed convolution; the kernels' only argument.
struct ConvJob {
  const PackedConv* conv = nullptr;
  const int32_t* bias = nullptr;  // the row for the QP
  int width = 0;
  // First byte of segment 0 for output position (0, 0): for kernel 3 that is
  // input position (-1, -1). conv16 has two digit planes of the same layout.
  const uint8_t* input = nullptr;
  const uint8_t* input_low = nullptr;
  ptrdiff_t input_row_stride = 0;     // bytes
  const int16_t* residual = nullptr;  // position (0, 0); form kAdd only
  ptrdiff_t residual_row_stride = 0;  // values
  void* output = nullptr;             // position (0, 0)
  ptrdiff_t output_row_stride = 0;    // values
};

}  // namespace furl::nn

#endif  // FURL_NN_KERNELS_CONV_PACK_H_
