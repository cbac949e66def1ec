// The header Range (RFC 9110, section 14): which bytes of a file a request asks for.

#ifndef FURL_SERVE_BYTE_RANGE_H_
#define FURL_SERVE_BYTE_RANGE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace furl::serve {

enum class RangeKind {
  kWhole,          // no range, or one that may be ignored: other units, several ranges, nonsense
  kPart,           // answered with 206
  kUnsatisfiable,  // answered with 416
};

struct ByteRange {
  RangeKind kind = RangeKind::kWhole;
  int64_t first = 0;
  int64_t length = 0;
};

// Of a file of `size` bytes; `header` is empty where there is none. kPart lies inside the file and
// has at least one byte; kWhole and kUnsatisfiable have first 0 and length `size`.
ByteRange ParseRange(std::string_view header, int64_t size);

// Content-Range of a part, or of what can't be satisfied.
std::string ContentRange(const ByteRange& range, int64_t size);

}  // namespace furl::serve

#endif  // FURL_SERVE_BYTE_RANGE_H_
