// CRC-32C (Castagnoli polynomial, reflected; RFC 3720 appendix B.4): packet
// checksums and frame hashes.

#ifndef FURL_BASE_CRC32C_H_
#define FURL_BASE_CRC32C_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace furl {

// CRC of `data` continuing from `crc` (0 to start): Crc32c(b, Crc32c(a)) is the
// CRC of a followed by b.
uint32_t Crc32c(std::span<const uint8_t> data, uint32_t crc = 0);

}  // namespace furl

#endif  // FURL_BASE_CRC32C_H_
