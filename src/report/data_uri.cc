#include "report/data_uri.h"

extern "C" {
#include <libavutil/base64.h>
}

#include <cstring>

namespace furl::report {

std::string Base64(std::span<const uint8_t> bytes) {
  std::string text(AV_BASE64_SIZE(bytes.size()), '\0');  // with a final zero
  av_base64_encode(text.data(), static_cast<int>(text.size()), bytes.data(),
                   static_cast<int>(bytes.size()));
  text.resize(std::strlen(text.c_str()));
  return text;
}

}  // namespace furl::report
