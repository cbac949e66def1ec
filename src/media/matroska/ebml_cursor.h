// EbmlCursor: reads EBML elements (RFC 8794) one after the other from memory,
// the counterpart of EbmlBuffer.

#ifndef FURL_MEDIA_MATROSKA_EBML_CURSOR_H_
#define FURL_MEDIA_MATROSKA_EBML_CURSOR_H_

#include <cstdint>
#include <optional>
#include <span>

namespace furl::media {

// Longest head of an element: four bytes of id, eight of size.
inline constexpr size_t kMaxEbmlHead = 12;
inline constexpr uint64_t kUnknownEbmlSize = UINT64_MAX;

struct EbmlHead {
  uint32_t id = 0;       // with its length marker
  uint64_t size = 0;     // of the content, or kUnknownEbmlSize
  size_t head_size = 0;  // of id and size themselves
};

// The head at the front of `data`; nothing if there is none that is valid and
// complete. The content may reach beyond `data`.
std::optional<EbmlHead> ReadEbmlHead(std::span<const uint8_t> data);

// Big-endian unsigned value of up to eight bytes.
uint64_t ReadEbmlUint(std::span<const uint8_t> data);

// Walks the elements that fill a master's content.
//
//   EbmlCursor cursor(content);
//   while (cursor.Next()) use(cursor.id(), cursor.content());
//   if (cursor.broken()) ...  // something is left that is no element
class EbmlCursor {
 public:
  explicit EbmlCursor(std::span<const uint8_t> data) : rest_(data) {}

  bool Next();
  bool broken() const { return broken_; }
  uint32_t id() const { return id_; }
  std::span<const uint8_t> content() const { return content_; }
  // What follows the current element.
  std::span<const uint8_t> rest() const { return rest_; }

 private:
  std::span<const uint8_t> rest_;
  std::span<const uint8_t> content_;
  uint32_t id_ = 0;
  bool broken_ = false;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_MATROSKA_EBML_CURSOR_H_
