#include "seal/seal_format.h"

#include <algorithm>

namespace furl::seal {
namespace {

// Not text, and hurt by whatever changes the ends of lines.
constexpr std::array<uint8_t, kMagicSize> kMagic = {0x89, 'f', 's', 'e', 'a', 'l', '\r', '\n'};
constexpr uint8_t kVersion = 1;
constexpr size_t kVersionAt = 8;
constexpr size_t kKindAt = 9;
constexpr size_t kReservedAt = 10;
constexpr size_t kMemoryAt = 12;
constexpr size_t kPassesAt = 16;
constexpr size_t kSaltAt = 20;
constexpr uint8_t kLastFlag = 1;

template <typename Number>
void PutLittle(Number number, uint8_t* at) {
  for (size_t i = 0; i < sizeof(Number); ++i) at[i] = static_cast<uint8_t>(number >> (8 * i));
}

uint32_t GetLittle32(const uint8_t* at) {
  uint32_t number = 0;
  for (int i = 3; i >= 0; --i) number = number << 8 | at[i];
  return number;
}

Status CheckCost(const SealHeader& header) {
  const KeyCost& cost = header.cost;
  if (header.kind == SecretKind::kKey) {
    if (cost.passes == 0 && cost.memory_kib == 0) return OkStatus();
    return InvalidStream("the header of the sealed file is damaged");
  }
  if (cost.passes == 0 || cost.memory_kib < kMinMemoryKib) {
    return InvalidStream("the header of the sealed file is damaged");
  }
  if (cost.passes > kMaxPasses || cost.memory_kib > kMaxMemoryKib ||
      uint64_t{cost.passes} * cost.memory_kib > kMaxPassesTimesKib) {
    return LimitExceeded("making the key would take " + std::to_string(cost.passes) +
                         " passes over " + std::to_string(cost.memory_kib >> 10) +
                         " MiB, which is refused");
  }
  return OkStatus();
}

}  // namespace

bool StartsSealed(std::span<const uint8_t> start) {
  return start.size() >= kMagicSize && std::ranges::equal(start.first(kMagicSize), kMagic);
}

Result<SealHeader> ParseHeader(std::span<const uint8_t> bytes) {
  if (!StartsSealed(bytes)) return InvalidStream("no sealed file");
  if (bytes.size() < kHeaderSize) return InvalidStream("the sealed file is cut off in its header");
  if (bytes[kVersionAt] != kVersion) {
    return Unsupported("sealed file of version " + std::to_string(bytes[kVersionAt]) +
                       "; this furl knows version 1");
  }
  if (bytes[kKindAt] > static_cast<uint8_t>(SecretKind::kPassphrase) || bytes[kReservedAt] != 0 ||
      bytes[kReservedAt + 1] != 0) {
    return InvalidStream("the header of the sealed file is damaged");
  }
  SealHeader header;
  header.kind = static_cast<SecretKind>(bytes[kKindAt]);
  header.cost.memory_kib = GetLittle32(bytes.data() + kMemoryAt);
  header.cost.passes = GetLittle32(bytes.data() + kPassesAt);
  std::ranges::copy(bytes.subspan(kSaltAt, kSaltSize), header.salt.begin());
  std::ranges::copy(bytes.subspan(kCheckAt, kCheckSize), header.check.begin());
  std::ranges::copy(bytes.subspan(kMacAt, kMacSize), header.mac.begin());
  FURL_RETURN_IF_ERROR(CheckCost(header));
  return header;
}

std::string SecretText(const SealHeader& header) {
  if (header.kind == SecretKind::kKey) return "a key file";
  return "a passphrase (Argon2id, " + std::to_string(header.cost.passes) + " passes over " +
         std::to_string(header.cost.memory_kib >> 10) + " MiB)";
}

std::array<uint8_t, kCheckAt> HeaderStart(const SealHeader& header) {
  std::array<uint8_t, kCheckAt> bytes = {};
  std::ranges::copy(kMagic, bytes.begin());
  bytes[kVersionAt] = kVersion;
  bytes[kKindAt] = static_cast<uint8_t>(header.kind);
  if (header.kind == SecretKind::kPassphrase) {
    PutLittle(header.cost.memory_kib, bytes.data() + kMemoryAt);
    PutLittle(header.cost.passes, bytes.data() + kPassesAt);
  }
  std::ranges::copy(header.salt, bytes.begin() + kSaltAt);
  return bytes;
}

uint64_t RecordHead::sealed_size() const {
  const uint64_t messages = size == 0 ? 1 : (size + kMessageSize - 1) / kMessageSize;
  return kRecordHeadSize + kStreamHeaderSize + size + messages * kMessageOverhead;
}

Result<RecordHead> ParseRecordHead(std::span<const uint8_t, kRecordHeadSize> bytes) {
  RecordHead head;
  head.size = GetLittle32(bytes.data());
  head.last = (bytes[4] & kLastFlag) != 0;
  const bool sound = head.size <= kMaxRecordBytes && (bytes[4] & ~kLastFlag) == 0;
  if (!sound || (head.size == 0 && !head.last)) return InvalidStream("no record begins here");
  return head;
}

std::array<uint8_t, kRecordHeadSize> WriteRecordHead(const RecordHead& head) {
  std::array<uint8_t, kRecordHeadSize> bytes = {};
  PutLittle(head.size, bytes.data());
  bytes[4] = head.last ? kLastFlag : 0;
  return bytes;
}

std::array<uint8_t, kBindingSize> BindingOf(std::span<const uint8_t, kMacSize> header_mac,
                                            uint64_t number, const RecordHead& head) {
  std::array<uint8_t, kBindingSize> bytes = {};
  std::ranges::copy(header_mac, bytes.begin());
  PutLittle(number, bytes.data() + kMacSize);
  std::ranges::copy(WriteRecordHead(head), bytes.begin() + kMacSize + sizeof(number));
  return bytes;
}

}  // namespace furl::seal
