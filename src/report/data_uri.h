// Bytes in the text of a page.

#ifndef FURL_REPORT_DATA_URI_H_
#define FURL_REPORT_DATA_URI_H_

#include <cstdint>
#include <span>
#include <string>

namespace furl::report {

// With padding, without line breaks. At most 512 MiB.
std::string Base64(std::span<const uint8_t> bytes);

}  // namespace furl::report

#endif  // FURL_REPORT_DATA_URI_H_
