// Hashes for tables that people compare.

#ifndef FURL_TESTS_SUPPORT_SHORT_HASH_H_
#define FURL_TESTS_SUPPORT_SHORT_HASH_H_

#include <cstdint>
#include <span>
#include <string>

#include "base/sha256.h"

namespace furl::test {

// The first 8 bytes of SHA-256 in hexadecimal.
inline std::string ShortHash(std::span<const uint8_t> bytes) {
  const Sha256Digest digest = Sha256(bytes);
  return ToHex(std::span(digest).first(8));
}

inline std::string ShortHash(const std::string& text) {
  return ShortHash({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_SHORT_HASH_H_
