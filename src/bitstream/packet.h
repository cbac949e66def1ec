// Packet: one coded frame.
//
//   [extensions] | frame header | [frame hash, 4] | [side size, varint] | side | latents | CRC
//
// Extensions are what later versions may add; this one writes none.
// The header is packed into 3 or 4 bytes, up to 6 in long GOPs. Where there are no latents
// of their own (they are then part of `side`, see entropy/symbol_coder.h) the side size is not
// written either. The CRC is CRC-16 in packets below 512 bytes, CRC-32C in others: a B frame at a
// low rate is all in all not much larger than that.

#ifndef FURL_BITSTREAM_PACKET_H_
#define FURL_BITSTREAM_PACKET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"

namespace furl {

enum class FrameType : uint8_t { kI, kP, kB };

// Reference pictures live in this many slots. A key frame empties all of them.
inline constexpr int kReferenceSlots = 6;

struct FrameHeader {
  static constexpr int kMaxDisplayOrder = (1 << 18) - 1;
  static constexpr int kMaxGopNumber = 63;
  static constexpr int kMaxHashPictures = 16;

  FrameType type = FrameType::kI;  // I frames are key frames
  int qp = 0;                      // kMinQp..kMaxQp
  // Place among the pictures of its GOP in display order; 0 for I frames.
  int display_order = 0;
  // Slots that the frame predicts from: P uses the first, B both.
  std::array<int, 2> references = {0, 0};
  // Where the reconstruction is kept for others, or -1 for nowhere.
  int store_slot = -1;
  // No packet of its GOP comes after this one. Such P and B frames are not stored.
  bool last_of_gop = false;
  int shown_later = 0;  // of P and B frames that are the last: frames of the GOP shown after it
  // Of I frames: 0 for the first GOP of an encode, then 1, 2, ..., kMaxGopNumber, 1, 2, ...
  int gop_number = 0;
  // Of I frames: how many frames the GOP before has, or 0 where that GOP says so itself.
  int frames_before = 0;
  bool has_hash = false;
  // Of the reconstructions of so many frames, the last of them this one, that follow each other
  // in the coding order of a GOP: ChainHash() from 0 through all of them, 28 bits.
  int hash_pictures = 1;
  uint32_t hash = 0;

  // Of a GOP by its place in the encode.
  static int GopNumber(int64_t gop) {
    return gop == 0 ? 0 : static_cast<int>(1 + (gop - 1) % kMaxGopNumber);
  }

  bool key() const { return type == FrameType::kI; }
  int reference_count() const { return static_cast<int>(type); }
  // Frames of the GOP, where this is the last of it.
  int gop_frames() const { return display_order + 1 + shown_later; }
  bool operator==(const FrameHeader&) const = default;
};

// The hash `chain` (0: of nothing) with one more picture, whose FrameHash() is `frame_hash`.
uint32_t ChainHash(uint32_t chain, uint32_t frame_hash);
// The bits of a chain that a header has.
constexpr uint32_t HashBits(uint32_t chain) { return chain & ((1u << 28) - 1); }

// The parts of a packet, borrowed from its bytes.
struct PacketView {
  FrameHeader header;
  std::span<const uint8_t> side;     // range coder
  std::span<const uint8_t> latents;  // rANS section, empty if in `side`
};

// Takes a packet apart: checksum first, then header and sizes. Every byte of
// `data` belongs to exactly one part or to extensions, which are skipped. kInvalidStream names
// what is wrong, kUnsupported an extension that must be understood.
Result<PacketView> ParsePacket(std::span<const uint8_t> data);

// Only the header, without the checksum test: for tools that look at the
// structure of a stream.
Result<FrameHeader> PeekFrameHeader(std::span<const uint8_t> data);

// Whether the checksum at the end of `data` is right.
bool PacketChecksumMatches(std::span<const uint8_t> data);

// kInvalidArgument names a header field out of its range.
Result<std::vector<uint8_t>> WritePacket(const FrameHeader& header, std::span<const uint8_t> side,
                                         std::span<const uint8_t> latents);

}  // namespace furl

#endif  // FURL_BITSTREAM_PACKET_H_
