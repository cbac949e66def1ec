// SequenceHeader: what a decoder must know before the first frame. It is the
// codec's private data in Matroska and the start of a bare .furl stream.

#ifndef FURL_BITSTREAM_SEQUENCE_HEADER_H_
#define FURL_BITSTREAM_SEQUENCE_HEADER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/status.h"
#include "image/video_format.h"

namespace furl {

// The version of the whole bitstream. A decoder refuses newer ones.
inline constexpr int kBitstreamVersion = 1;

// The pictures of the stream below one that adds to it.
struct BaseFormat {
  int width = 0;  // of the luma: at most that of the stream, at least a quarter
  int height = 0;
  int bit_depth = 8;  // 8 or 10, at most the stream's

  bool operator==(const BaseFormat&) const = default;
};

struct SequenceHeader : VideoFormat {  // at 8 or 10 bit
  static constexpr int kMaxSide = 16384;
  static constexpr int64_t kMaxPixels = int64_t{1} << 26;
  static constexpr int kMaxGopLength = 65536;

  uint8_t family = 0;                  // FamilyDecoderRow::id; later ones may exist
  std::array<uint8_t, 16> model_id{};  // model::Model::id()
  bool low_delay = false;              // display order is coding order
  int gop_length = 50;                 // most frames between key frames, 1..kMaxGopLength
  int macs_per_pixel = 0;              // of the decoder's networks, rounded up
  std::optional<BaseFormat> base;      // none: the stream stands alone
};

struct SequenceLimits {
  int64_t max_pixels = SequenceHeader::kMaxPixels;
  int64_t max_macs_per_pixel = 64000;
};

// Reads a header that starts at data[0]; `size` (may be null) gets its length.
// Bytes behind it are not looked at.
//   kNeedMoreData   `data` ends within it
//   kUnsupported    a newer bitstream version, or an extension that must be understood
//   kLimitExceeded  picture or networks larger than `limits`
//   kInvalidStream  no furl header, or a damaged one
Result<SequenceHeader> ReadSequenceHeader(std::span<const uint8_t> data,
                                          const SequenceLimits& limits, size_t* size);

// The same where `data` is the header and nothing else (container private
// data): also kInvalidStream when it is truncated or more follows.
Result<SequenceHeader> ParseSequenceHeader(std::span<const uint8_t> data,
                                           const SequenceLimits& limits = {});

// kInvalidArgument names a field out of its range.
Result<std::vector<uint8_t>> WriteSequenceHeader(const SequenceHeader& header);

}  // namespace furl

#endif  // FURL_BITSTREAM_SEQUENCE_HEADER_H_
