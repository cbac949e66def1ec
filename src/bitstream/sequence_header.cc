#include "bitstream/sequence_header.h"

#include <algorithm>
#include <string>

#include "base/crc32c.h"
#include "bitstream/checksum.h"
#include "bitstream/fields.h"
#include "image/upscale.h"

namespace furl {
namespace {

constexpr std::array<uint8_t, 4> kMagic = {'f', 'u', 'r', 'l'};
constexpr size_t kMaxBodyBytes = 4096;  // room for extensions
constexpr size_t kCrcBytes = 4;
constexpr uint64_t kMaxRational = 0x7fffffff;

template <typename Visitor>
void VisitRational(Visitor& v, const char* name, Rational& r) {
  v.Varint(name, r.num, 1, kMaxRational);
  v.Varint(name, r.den, 1, kMaxRational);
}

// Must be understood: without the base's pictures nothing can be decoded.
constexpr uint64_t kBaseExtension = 1;

template <typename Visitor>
void VisitBase(Visitor& v, BaseFormat& base) {
  v.Varint("base width", base.width, 1, SequenceHeader::kMaxSide);
  v.Varint("base height", base.height, 1, SequenceHeader::kMaxSide);
  v.Bits("base bit depth", base.bit_depth, 8, 8, 10);
}

template <typename Visitor>
void VisitFields(Visitor& v, SequenceHeader& h) {
  v.Bits("family", h.family, 8);
  v.Bytes("model id", h.model_id);
  // Sides have no upper limit here: CheckLimits has a better name for that.
  v.Varint("width", h.width, 1);
  v.Varint("height", h.height, 1);
  v.Bits("bit depth", h.bit_depth, 4, 8, 10);
  v.Bits("low-delay flag", h.low_delay, 1);
  v.Bits("full-range flag", h.color.full_range, 1);
  v.Zero("reserved", 2);
  v.Bits("colour primaries", h.color.primaries, 8);
  v.Bits("transfer characteristics", h.color.transfer, 8);
  v.Bits("matrix coefficients", h.color.matrix, 8);
  v.Bits("chroma location", h.color.chroma_location, 8);
  VisitRational(v, "frame rate", h.frame_rate);
  VisitRational(v, "time base", h.time_base);
  VisitRational(v, "sample aspect ratio", h.sample_aspect);
  v.Varint("GOP length", h.gop_length, 1, SequenceHeader::kMaxGopLength);
  v.Varint("decoder cost", h.macs_per_pixel);
  v.Extensions("extensions", kBaseExtension, h.base,
               [](auto& fields, BaseFormat& base) { VisitBase(fields, base); });
}

Status CheckBase(const SequenceHeader& h) {
  const BaseFormat& base = *h.base;
  const auto fits = [](int in, int out) { return in <= out && out <= in * kMaxUpscale; };
  if (!fits(base.width, h.width) || !fits(base.height, h.height)) {
    return InvalidStream("base of " + std::to_string(base.width) + "x" +
                         std::to_string(base.height) + " doesn't fit the stream's pictures");
  }
  if (base.bit_depth != 8 && base.bit_depth != 10) {
    return InvalidStream("bit depth of the base is " + std::to_string(base.bit_depth));
  }
  return OkStatus();
}

Status CheckLimits(const SequenceHeader& h, const SequenceLimits& limits) {
  if (h.base.has_value()) FURL_RETURN_IF_ERROR(CheckBase(h));
  if (h.bit_depth != 8 && h.bit_depth != 10)
    return InvalidStream("bit depth is " + std::to_string(h.bit_depth));
  const std::string size = std::to_string(h.width) + "x" + std::to_string(h.height);
  const int64_t max_pixels = std::min(limits.max_pixels, SequenceHeader::kMaxPixels);
  if (h.width > SequenceHeader::kMaxSide || h.height > SequenceHeader::kMaxSide ||
      int64_t{h.width} * h.height > max_pixels) {
    return LimitExceeded("picture size " + size + " is above the limit (16384 a side, " +
                         std::to_string(max_pixels) + " pixels)");
  }
  if (h.macs_per_pixel > limits.max_macs_per_pixel) {
    return LimitExceeded("decoding needs " + std::to_string(h.macs_per_pixel) +
                         " MAC per pixel, the limit is " +
                         std::to_string(limits.max_macs_per_pixel));
  }
  return OkStatus();
}

Status Incomplete() { return Status(StatusCode::kNeedMoreData, "stream header is incomplete"); }

// Where the body of a header lies that starts at data[0]; its checksum follows.
struct BodyRange {
  size_t begin = 0;
  size_t end = 0;
};

Result<BodyRange> FindBody(std::span<const uint8_t> data) {
  // A varint of at most two bytes may have its second one missing still.
  const bool long_size = data[kMagic.size() + 1] >= 128;
  if (long_size && data.size() < kMagic.size() + 3) return Incomplete();
  BitReader reader(data.subspan(kMagic.size() + 1));
  const uint64_t body_size = reader.Varint();
  if (reader.failed() || body_size > kMaxBodyBytes) {
    return InvalidStream("stream header size is malformed");
  }
  const size_t begin = kMagic.size() + 1 + reader.byte_position();
  const size_t end = begin + static_cast<size_t>(body_size);
  if (data.size() < end + kCrcBytes) return Incomplete();
  return BodyRange{begin, end};
}

bool ChecksumIsRight(std::span<const uint8_t> data, const BodyRange& body) {
  const uint32_t crc = BitReader(data.subspan(body.end, kCrcBytes)).Uint32();
  return ChecksumMatches(crc, Crc32c(data.first(body.end)));
}

// Whether a header that says to be of a newer version is one of this version with that byte hurt:
// its checksum tells.
bool OnlyVersionIsHurt(std::span<const uint8_t> data) {
  const Result<BodyRange> body = FindBody(data);
  if (!body.ok()) return false;
  std::vector<uint8_t> mended(data.begin(),
                              data.begin() + static_cast<ptrdiff_t>(body->end + kCrcBytes));
  mended[kMagic.size()] = kBitstreamVersion;
  return !ChecksumIsRight(data, *body) && ChecksumIsRight(mended, *body);
}

}  // namespace

Result<SequenceHeader> ReadSequenceHeader(std::span<const uint8_t> data,
                                          const SequenceLimits& limits, size_t* size) {
  const size_t compared = std::min(data.size(), kMagic.size());
  if (!std::equal(data.begin(), data.begin() + compared, kMagic.begin())) {
    return InvalidStream("not a furl stream");
  }
  if (data.size() < kMagic.size() + 2) return Incomplete();
  const int version = data[kMagic.size()];
  if (version > kBitstreamVersion) {
    if (OnlyVersionIsHurt(data)) return InvalidStream("stream header is damaged (version)");
    return Unsupported("bitstream version " + std::to_string(version) +
                       " is newer than this decoder's " + std::to_string(kBitstreamVersion));
  }
  if (version == 0) return InvalidStream("bitstream version is 0");

  FURL_ASSIGN_OR_RETURN(const BodyRange range, FindBody(data));
  if (!ChecksumIsRight(data, range)) return InvalidStream("stream header is damaged (checksum)");

  BitReader body(data.subspan(range.begin, range.end - range.begin));
  FieldReader visitor(&body);
  SequenceHeader header;
  VisitFields(visitor, header);
  if (!visitor.status().ok()) return visitor.status().WithContext("stream header");
  if (body.remaining() != 0) return InvalidStream("stream header has bytes left over");
  FURL_RETURN_IF_ERROR(CheckLimits(header, limits));
  if (size != nullptr) *size = range.end + kCrcBytes;
  return header;
}

Result<SequenceHeader> ParseSequenceHeader(std::span<const uint8_t> data,
                                           const SequenceLimits& limits) {
  size_t size = 0;
  Result<SequenceHeader> header = ReadSequenceHeader(data, limits, &size);
  if (!header.ok()) {
    if (header.status().code() != StatusCode::kNeedMoreData) return header;
    return InvalidStream("stream header is truncated");
  }
  if (size != data.size()) return InvalidStream("stream header is followed by other bytes");
  return header;
}

Result<std::vector<uint8_t>> WriteSequenceHeader(const SequenceHeader& header) {
  SequenceHeader copy = header;  // visitors take what they visit by reference
  BitWriter body;
  FieldWriter visitor(&body);
  VisitFields(visitor, copy);
  Status status = visitor.status();
  if (status.ok()) status = CheckLimits(header, {.max_macs_per_pixel = INT64_MAX});
  if (!status.ok()) return InvalidArgument(status.message());

  BitWriter writer;
  writer.Bytes(kMagic);
  writer.Bits(kBitstreamVersion, 8);
  writer.Varint(body.bytes().size());
  writer.Bytes(body.bytes());
  writer.Uint32(Crc32c(writer.bytes()));
  return writer.Take();
}

}  // namespace furl
