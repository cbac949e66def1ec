#include "media/matroska/ebml_buffer.h"

extern "C" {
#include <libavutil/crc.h>
}

#include <algorithm>
#include <bit>

#include "media/matroska/matroska_ids.h"

namespace furl::media {
namespace {

int ByteCount(uint64_t value) {
  int count = 1;
  while (count < 8 && value >> (8 * count) != 0) ++count;
  return count;
}

}  // namespace

void EbmlBuffer::Big(uint64_t value, int byte_count) {
  for (int i = byte_count - 1; i >= 0; --i)
    bytes_.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void EbmlBuffer::Id(uint32_t id) { Big(id, ByteCount(id)); }

void EbmlBuffer::Size(uint64_t size) {
  // All ones of a length mean "unknown", hence the strict comparison.
  int count = 1;
  while (count < 8 && size >= (uint64_t{1} << (7 * count)) - 1) ++count;
  Big(size | uint64_t{1} << (7 * count), count);
}

void EbmlBuffer::LongSize(uint64_t size) { Big(size | uint64_t{1} << 56, 8); }

void EbmlBuffer::UnknownSize() { Big(0x01FFFFFFFFFFFFFF, 8); }

void EbmlBuffer::Raw(std::span<const uint8_t> data) {
  bytes_.insert(bytes_.end(), data.begin(), data.end());
}

void EbmlBuffer::Uint(uint32_t id, uint64_t value) {
  const int count = ByteCount(value);
  Id(id);
  Size(count);
  Big(value, count);
}

void EbmlBuffer::Int(uint32_t id, int64_t value) {
  Id(id);
  Size(8);
  Big(static_cast<uint64_t>(value), 8);
}

void EbmlBuffer::Float(uint32_t id, double value) {
  Id(id);
  Size(8);
  Big(std::bit_cast<uint64_t>(value), 8);
}

void EbmlBuffer::Text(uint32_t id, std::string_view text) {
  Binary(id, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

void EbmlBuffer::Binary(uint32_t id, std::span<const uint8_t> data) {
  Id(id);
  Size(data.size());
  Raw(data);
}

void EbmlBuffer::CheckedMaster(uint32_t id, const EbmlBuffer& content) {
  const uint32_t crc = EbmlCrc32(content.bytes());
  Id(id);
  Size(content.size() + kCrcSize);
  Id(mkv::kCrc32);
  Size(sizeof(crc));
  for (int i = 0; i < 4; ++i) Byte(static_cast<uint8_t>(crc >> (8 * i)));  // little-endian
  Raw(content.bytes());
}

void EbmlBuffer::Patch(size_t position, std::span<const uint8_t> data) {
  std::ranges::copy(data, bytes_.begin() + static_cast<ptrdiff_t>(position));
}

void EbmlBuffer::Void(size_t total) {
  Id(mkv::kVoid);
  LongSize(total - 9);
  bytes_.resize(bytes_.size() + total - 9);
}

uint32_t EbmlCrc32(std::span<const uint8_t> data) {
  if (data.empty()) return 0;  // av_crc reads before a null pointer
  return ~av_crc(av_crc_get_table(AV_CRC_32_IEEE_LE), UINT32_MAX, data.data(), data.size());
}

}  // namespace furl::media
