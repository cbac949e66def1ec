#include "media/matroska/ebml_cursor.h"

#include <bit>

namespace furl::media {

uint64_t ReadEbmlUint(std::span<const uint8_t> data) {
  uint64_t value = 0;
  for (const uint8_t byte : data) value = value << 8 | byte;
  return value;
}

std::optional<EbmlHead> ReadEbmlHead(std::span<const uint8_t> data) {
  if (data.empty()) return std::nullopt;
  // The leading zeros of the first byte tell the length, of id and size alike.
  const size_t id_size = static_cast<size_t>(std::countl_zero(data[0])) + 1;
  if (id_size > 4 || data.size() <= id_size) return std::nullopt;
  const size_t length = static_cast<size_t>(std::countl_zero(data[id_size])) + 1;
  if (length > 8 || data.size() < id_size + length) return std::nullopt;
  EbmlHead head;
  head.id = static_cast<uint32_t>(ReadEbmlUint(data.first(id_size)));
  const uint64_t mask = (uint64_t{1} << (7 * length)) - 1;
  head.size = ReadEbmlUint(data.subspan(id_size, length)) & mask;
  if (head.size == mask) head.size = kUnknownEbmlSize;
  head.head_size = id_size + length;
  return head;
}

bool EbmlCursor::Next() {
  if (rest_.empty() || broken_) return false;
  const auto head = ReadEbmlHead(rest_);
  if (!head || head->size > rest_.size() - head->head_size) {
    broken_ = true;
    return false;
  }
  id_ = head->id;
  content_ = rest_.subspan(head->head_size, static_cast<size_t>(head->size));
  rest_ = rest_.subspan(head->head_size + content_.size());
  return true;
}

}  // namespace furl::media
