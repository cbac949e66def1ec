#include "bitstream/user_data.h"

#include <algorithm>

#include "bitstream/bits.h"
#include "bitstream/checksum.h"

namespace furl {
namespace {

enum Kind : uint8_t { kHeader = 0, kPacket = 1, kKeyPacket = 2 };

BitWriter Begin(Kind kind) {
  BitWriter writer;
  writer.Bytes(kUserDataUuid);
  writer.Bits(kind, 8);
  return writer;
}

// Of what stands between the UUID and the packet.
uint8_t HeadChecksum(std::span<const uint8_t> message, size_t end) {
  return Crc8(message.subspan(kUserDataUuid.size(), end - kUserDataUuid.size()));
}

}  // namespace

std::vector<uint8_t> WriteUserData(const UserDataHeader& header) {
  BitWriter writer = Begin(kHeader);
  writer.Bytes(header.sequence_header);
  return writer.Take();
}

std::vector<uint8_t> WriteUserData(const UserDataPacket& packet) {
  BitWriter writer = Begin(packet.key ? kKeyPacket : kPacket);
  writer.Varint(ZigZag(packet.since_unit));
  writer.Varint(static_cast<uint64_t>(packet.duration));
  writer.Bits(HeadChecksum(writer.bytes(), writer.bytes().size()), 8);
  writer.Bytes(packet.data);
  return writer.Take();
}

bool IsUserData(std::span<const uint8_t> message) {
  return message.size() > kUserDataUuid.size() &&
         std::equal(kUserDataUuid.begin(), kUserDataUuid.end(), message.begin());
}

Result<UserData> ParseUserData(std::span<const uint8_t> message) {
  if (!IsUserData(message)) return InvalidStream("user data is not furl's");
  BitReader reader(message);
  reader.Bytes(kUserDataUuid.size());
  const uint32_t kind = reader.Bits(8);
  if (kind == kHeader) return UserData(UserDataHeader{reader.Bytes(reader.remaining())});
  if (kind > kKeyPacket) return Unsupported("user data of a kind that isn't known");
  UserDataPacket packet;
  packet.key = kind == kKeyPacket;
  packet.since_unit = UnZigZag(reader.Varint());
  const uint64_t duration = reader.Varint();
  const size_t head_end = reader.byte_position();
  const uint32_t stored = reader.Bits(8);
  packet.data = reader.Bytes(reader.remaining());
  if (reader.failed() || packet.data.empty() || duration > INT64_MAX) {
    return InvalidStream("user data is cut off");
  }
  packet.duration = static_cast<int64_t>(duration);
  if (!ChecksumMatches(stored, HeadChecksum(message, head_end))) {
    return InvalidStream("user data is damaged");
  }
  return UserData(packet);
}

}  // namespace furl
