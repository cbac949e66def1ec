// Hashes for tables that people compare.

#ifndef FURL_TESTS_SUPPORT_SHORT_HASH_H_
#define FURL_TESTS_SUPPORT_SHORT_HASH_H_

#include <cstdio>
#include <span>
#include <string>

#include "base/sha256.h"

namespace furl::test {

// The first 8 bytes of SHA-256 in hexadecimal.
inline std::string ShortHash(std::span<const uint8_t> bytes) {
  const Sha256Digest digest = Sha256(bytes);
  std::string text;
  for (int i = 0; i < 8; ++i) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x", digest[i]);
    text += digits;
  }
  return text;
}

inline std::string ShortHash(const std::string& text) {
  return ShortHash({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_SHORT_HASH_H_
