// How a sealed file is laid out (docs/encryption.md): a header, then records. What is here needs no
// key and no library.

#ifndef FURL_SEAL_SEAL_FORMAT_H_
#define FURL_SEAL_SEAL_FORMAT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/status.h"
#include "seal/secret.h"

namespace furl::seal {

inline constexpr size_t kMagicSize = 8;
inline constexpr size_t kSaltSize = 16;
inline constexpr size_t kCheckSize = 16;
inline constexpr size_t kMacSize = 32;
inline constexpr size_t kHeaderSize = 84;
inline constexpr size_t kCheckAt = 36;  // in the header
inline constexpr size_t kMacAt = 52;

// The work of making a key of a passphrase with Argon2id.
struct KeyCost {
  uint32_t passes = 3;
  uint32_t memory_kib = 256 << 10;
};
// What readers do at most, before they know whether a file is to be trusted.
inline constexpr uint32_t kMaxPasses = 16;
inline constexpr uint32_t kMaxMemoryKib = 1 << 20;
inline constexpr uint64_t kMaxPassesTimesKib = uint64_t{4} << 20;
inline constexpr uint32_t kMinMemoryKib = 8;

struct SealHeader {
  SecretKind kind = SecretKind::kKey;
  KeyCost cost;  // of a passphrase
  std::array<uint8_t, kSaltSize> salt = {};
  std::array<uint8_t, kCheckSize> check = {};
  std::array<uint8_t, kMacSize> mac = {};
};

// Whether `start`, a file's first bytes, begins a sealed file; needs kMagicSize of them.
bool StartsSealed(std::span<const uint8_t> start);

// kInvalidStream, kUnsupported for a newer version, kLimitExceeded for a cost above the limits.
Result<SealHeader> ParseHeader(std::span<const uint8_t> bytes);

// What opens the file, as the end of a sentence: "a key file", "a passphrase (Argon2id, ...)".
std::string SecretText(const SealHeader& header);

// The first kCheckAt bytes: what is known before there is a key.
std::array<uint8_t, kCheckAt> HeaderStart(const SealHeader& header);

// A record: its head, then secretstream's header, then its messages.
inline constexpr size_t kRecordHeadSize = 5;
inline constexpr size_t kStreamHeaderSize = 24;
inline constexpr size_t kMessageSize = 64 << 10;  // plain bytes of all messages but the last
inline constexpr size_t kMessageOverhead = 17;
inline constexpr uint32_t kMaxRecordBytes = uint32_t{64} << 20;  // plain
inline constexpr uint64_t kMaxRecords = uint64_t{1} << 22;

struct RecordHead {
  uint32_t size = 0;  // plain bytes; 0 only in the last record
  bool last = false;

  // Of all of the record in the file.
  uint64_t sealed_size() const;
};

// kInvalidStream.
Result<RecordHead> ParseRecordHead(std::span<const uint8_t, kRecordHeadSize> bytes);
std::array<uint8_t, kRecordHeadSize> WriteRecordHead(const RecordHead& head);

// What every message of a record is bound to.
inline constexpr size_t kBindingSize = kMacSize + 8 + kRecordHeadSize;
std::array<uint8_t, kBindingSize> BindingOf(std::span<const uint8_t, kMacSize> header_mac,
                                            uint64_t number, const RecordHead& head);

}  // namespace furl::seal

#endif  // FURL_SEAL_SEAL_FORMAT_H_
