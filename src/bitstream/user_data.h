// User data of other codecs that carry furl's part of a hybrid stream (docs/bitstream.md, section
// 9): messages that begin with a UUID, inside the access units of the base.
//
//   message = UUID | kind, u8 | content
//   kind 0: a sequence header
//   kind 1: a packet, 2: a key packet:
//           pts - pts of the access unit, zigzag | duration, varint | CRC-8 | the packet
//
// Other kinds are for later versions; readers skip them.

#ifndef FURL_BITSTREAM_USER_DATA_H_
#define FURL_BITSTREAM_USER_DATA_H_

#include <array>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "base/status.h"

namespace furl {

inline constexpr std::array<uint8_t, 16> kUserDataUuid = {
    0x42, 0xca, 0xc8, 0xaf, 0x2f, 0x3c, 0x47, 0x1f, 0x8f, 0x85, 0x78, 0xf2, 0x77, 0x73, 0xc4, 0xce};

// Borrows its bytes.
struct UserDataHeader {
  std::span<const uint8_t> sequence_header;  // not looked into
};

// Borrows its bytes. Times are ticks of the sequence header.
struct UserDataPacket {
  std::span<const uint8_t> data;  // not looked into, not empty
  int64_t since_unit = 0;         // pts, counted from that of the access unit
  int64_t duration = 0;           // not negative
  bool key = false;
};

std::vector<uint8_t> WriteUserData(const UserDataHeader& header);
std::vector<uint8_t> WriteUserData(const UserDataPacket& packet);

// Whether a message is furl's, as its UUID tells.
bool IsUserData(std::span<const uint8_t> message);

// kInvalidStream where it is damaged, kUnsupported where it is of a kind that isn't known.
using UserData = std::variant<UserDataHeader, UserDataPacket>;
Result<UserData> ParseUserData(std::span<const uint8_t> message);

}  // namespace furl

#endif  // FURL_BITSTREAM_USER_DATA_H_
