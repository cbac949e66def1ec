// EbmlBuffer: builds EBML elements (RFC 8794) in memory.
//
// Matroska is written with this rather than a library: Debian's libwebm comes
// without its muxer's headers and knows no attachments, and the elements furl
// needs are few.

#ifndef FURL_MEDIA_MATROSKA_EBML_BUFFER_H_
#define FURL_MEDIA_MATROSKA_EBML_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace furl::media {

class EbmlBuffer {
 public:
  const std::vector<uint8_t>& bytes() const { return bytes_; }
  size_t size() const { return bytes_.size(); }
  void clear() { bytes_.clear(); }

  // Element ids are written as they stand in the Matroska specification, with
  // their length marker: 0x1A45DFA3, 0x86.
  void Uint(uint32_t id, uint64_t value);
  void Int(uint32_t id, int64_t value);  // always eight bytes
  void Float(uint32_t id, double value);
  void Text(uint32_t id, std::string_view text);
  void Binary(uint32_t id, std::span<const uint8_t> data);
  void Master(uint32_t id, const EbmlBuffer& content) { Binary(id, content.bytes()); }
  // With a CRC-32 element in front of `content`: kCrcSize bytes more.
  void CheckedMaster(uint32_t id, const EbmlBuffer& content);
  static constexpr size_t kCrcSize = 6;

  // The parts an element is made of.
  void Id(uint32_t id);
  void Size(uint64_t size);      // as short as possible
  void LongSize(uint64_t size);  // always eight bytes
  void UnknownSize();            // eight bytes, "until the next element of my level"
  void Raw(std::span<const uint8_t> data);
  void Byte(uint8_t value) { bytes_.push_back(value); }
  void Big(uint64_t value, int byte_count);

  // Overwrites what is at `position`.
  void Patch(size_t position, std::span<const uint8_t> data);

  // A Void element that takes exactly `total` bytes, 9 or more.
  void Void(size_t total);

 private:
  std::vector<uint8_t> bytes_;
};

// CRC-32 of ISO 3309, as a CRC-32 element keeps it (RFC 8794, section 11.3.1).
uint32_t EbmlCrc32(std::span<const uint8_t> data);

}  // namespace furl::media

#endif  // FURL_MEDIA_MATROSKA_EBML_BUFFER_H_
