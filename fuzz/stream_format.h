// The inputs of stream_fuzz.cc: what sequences they may name, and how packets lie in them.

#ifndef FURL_FUZZ_STREAM_FORMAT_H_
#define FURL_FUZZ_STREAM_FORMAT_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "bitstream/sequence_header.h"
#include "fuzz/fuzz_util.h"
#include "image/frame.h"

namespace furl {

struct StreamSize {
  int width;
  int height;
};

// The smallest, odd ones, and those that need more than one block, tile or hyper-latent position.
inline constexpr std::array<StreamSize, 8> kStreamSizes = {
    {{40, 24}, {16, 16}, {17, 35}, {64, 64}, {129, 31}, {16, 176}, {96, 80}, {33, 49}}};

inline constexpr std::array<int, 4> kStreamGopLengths = {50, 1, 4, 65536};

// A base below such a stream, and its pictures: slopes that move with `number`, which is the
// picture's in the order of packets for decoders of any bytes.
inline BaseFormat StreamBase(const StreamSize& size, int bit_depth) {
  return {(size.width + 1) / 2, (size.height + 1) / 2, bit_depth};
}
inline ConstFramePtr StreamBasePicture(const BaseFormat& base, int number) {
  const FramePtr frame = Frame::Create(base.width, base.height, base.bit_depth).value();
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const int sample = (5 * x + 3 * y + 7 * number + 60 * p) & ((1 << base.bit_depth) - 1);
        plane.row(y)[x] = static_cast<uint16_t>(sample);
      }
    }
  }
  return frame;
}

// Packets one after the other, each behind its size in two bytes.
inline std::vector<Bytes> SplitPackets(std::span<const uint8_t> bytes) {
  std::vector<Bytes> packets;
  FuzzInput input(bytes.data(), bytes.size());
  while (!input.empty()) {
    const auto packet = input.Take(input.Number(2));
    packets.emplace_back(packet.begin(), packet.end());
  }
  return packets;
}

inline void AppendPacket(std::span<const uint8_t> packet, Bytes* to) {
  packet = packet.first(std::min<size_t>(packet.size(), 0xffff));
  to->push_back(static_cast<uint8_t>(packet.size() >> 8));
  to->push_back(static_cast<uint8_t>(packet.size()));
  to->insert(to->end(), packet.begin(), packet.end());
}

}  // namespace furl

#endif  // FURL_FUZZ_STREAM_FORMAT_H_
