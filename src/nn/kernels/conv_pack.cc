#include "nn/kernels/conv_pack.h"

#include <cstring>

#include "base/checked_math.h"

namespace furl::nn {
namespace {

// Channel (within the pair) that a lane of accumulator 0 or 1 computes.
int ChannelOfLane(int accumulator, int lane) { return lane / 4 * 8 + accumulator * 4 + lane % 4; }

// Where input `i` (0...3) of a lane goes within the pair's 2 * lanes * 4 bytes.
int PositionInQuad(const PackSpec& spec, int accumulator, int lane, int i) {
  switch (spec.order) {
    case QuadOrder::kDot: return (accumulator * spec.lanes + lane) * 4 + i;
    case QuadOrder::kHalves:
      return accumulator * spec.lanes * 4 + i / 2 * spec.lanes * 2 + lane * 2 + i % 2;
    case QuadOrder::kPairs:
      return i / 2 * spec.lanes * 4 + accumulator * spec.lanes * 2 + lane * 2 + i % 2;
    case QuadOrder::kPlanar: return i * spec.lanes * 2 + ChannelOfLane(accumulator, lane);
  }
  return 0;
}

// Blocks of nearly equal numbers of pairs.
void SplitIntoBlocks(const PackSpec& spec, PackedConv* c) {
  const int pairs = c->padded_outputs / (2 * spec.lanes);
  const int count = CeilDiv(pairs, spec.max_pairs);
  size_t offset = 0;
  int first = 0;
  for (int b = 0; b < count; ++b) {
    const int in_block = pairs * (b + 1) / count - pairs * b / count;
    c->blocks.push_back({first, in_block, offset});
    first += in_block * 2 * spec.lanes;
    offset += size_t(in_block) * c->kernel * c->quads * 2 * spec.lanes * 4;
  }
}

void PackBlock(const Node& node, const PackSpec& spec, const PackedConv::Block& block,
               PackedConv* c) {
  const int segment_bytes = c->kernel * c->in_channels;
  const int pair_bytes = 2 * spec.lanes * 4;
  for (int p = 0; p < block.pairs; ++p) {
    for (int lane = 0; lane < 2 * spec.lanes; ++lane) {
      const int accumulator = lane / spec.lanes;
      const int within = lane % spec.lanes;
      const int o = block.first_output + p * 2 * spec.lanes + ChannelOfLane(accumulator, within);
      if (o >= c->out_channels) continue;  // stays zero
      const int8_t* from =
          node.weights.weight.data() + size_t(o) * c->kernel * c->kernel * c->in_channels;
      for (int s = 0; s < c->kernel; ++s) {
        for (int k = 0; k < segment_bytes; ++k) {
          const size_t quad = size_t(s) * c->quads + k / 4;
          c->weights[block.offset + (quad * block.pairs + p) * pair_bytes +
                     PositionInQuad(spec, accumulator, within, k % 4)] =
              from[s * segment_bytes + k];
        }
      }
    }
  }
}

// The bias that the accumulators start from. It fits int32: ProveNoOverflow.
int32_t FoldedBias(const Node& node, int row, int o, const PackedConv& c) {
  int64_t bias = node.weights.bias[size_t(row) * c.out_channels + o];
  if (c.digits) {
    const size_t terms = size_t(c.kernel) * c.kernel * c.in_channels;
    const int8_t* w = node.weights.weight.data() + o * terms;
    for (size_t i = 0; i < terms; ++i) bias -= 8192 * w[i];
  }
  if (c.shift > 0) bias += int64_t{1} << (c.shift - 1);
  return static_cast<int32_t>(bias);
}

Status PackBias(const Node& node, const PackSpec& spec, PackedConv* c) {
  const int rows = node.weights.bias_rows;
  FURL_RETURN_IF_ERROR(c->bias.Resize(size_t(rows) * c->padded_outputs));
  FURL_RETURN_IF_ERROR(c->mult.Resize(c->padded_outputs));
  std::memcpy(c->mult.data(), node.weights.mult.data(), size_t(c->out_channels) * 2);
  for (int slot = 0; slot < c->padded_outputs; ++slot) {
    const int in_pair = slot % (2 * spec.lanes);
    const int o = slot - in_pair + ChannelOfLane(in_pair / spec.lanes, in_pair % spec.lanes);
    if (o >= c->out_channels) continue;
    for (int row = 0; row < rows; ++row) {
      c->bias[size_t(row) * c->padded_outputs + slot] = FoldedBias(node, row, o, *c);
    }
  }
  return OkStatus();
}

}  // namespace

Status PackConv(const Node& node, const PackSpec& spec, PackedConv* packed) {
  PackedConv& c = *packed;
  c.kernel = node.kernel;
  c.shift = node.shift;
  c.digits = node.op == Op::kConv16;
  c.form = node.form;
  c.out_channels = static_cast<int>(node.weights.mult.size());
  c.in_channels =
      static_cast<int>(node.weights.weight.size() / c.out_channels / c.kernel) / c.kernel;
  c.padded_outputs = RoundUp(c.out_channels, 2 * spec.lanes);
  c.quads = RoundUp(c.kernel * c.in_channels, spec.segment_multiple) / 4;
  SplitIntoBlocks(spec, &c);
  FURL_RETURN_IF_ERROR(c.weights.Resize(size_t(c.kernel) * c.quads * c.padded_outputs * 4));
  for (const PackedConv::Block& block : c.blocks) PackBlock(node, spec, block, &c);
  return PackBias(node, spec, &c);
}

}  // namespace furl::nn
