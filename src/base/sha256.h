// SHA-256 (FIPS 180-4). Names model files; not on any hot path.

#ifndef FURL_BASE_SHA256_H_
#define FURL_BASE_SHA256_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace furl {

using Sha256Digest = std::array<uint8_t, 32>;

Sha256Digest Sha256(std::span<const uint8_t> data);

// Lower-case hexadecimal.
std::string ToHex(std::span<const uint8_t> bytes);

}  // namespace furl

#endif  // FURL_BASE_SHA256_H_
