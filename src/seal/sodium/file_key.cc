#include "seal/file_key.h"

#include <sodium.h>

#include <algorithm>
#include <string>
#include <utility>

namespace furl::seal {
namespace {

static_assert(crypto_pwhash_SALTBYTES == kSaltSize);
static_assert(crypto_auth_BYTES == kMacSize);
static_assert(crypto_kdf_KEYBYTES == kKeySize && crypto_generichash_BYTES == kKeySize);
static_assert(crypto_secretstream_xchacha20poly1305_HEADERBYTES == kStreamHeaderSize);
static_assert(crypto_secretstream_xchacha20poly1305_ABYTES == kMessageOverhead);

// What sub-keys are for; the numbers of records tell the last kind apart.
constexpr char kCheckContext[] = "furlchck";
constexpr char kHeaderContext[] = "furlhead";
constexpr char kRecordContext[] = "furlrecd";

// secretstream's state, which holds a key.
class StreamState {
 public:
  StreamState() = default;
  ~StreamState() { sodium_memzero(&state_, sizeof(state_)); }
  StreamState(const StreamState&) = delete;
  StreamState& operator=(const StreamState&) = delete;
  crypto_secretstream_xchacha20poly1305_state* get() { return &state_; }

 private:
  crypto_secretstream_xchacha20poly1305_state state_;
};

Result<SecureBytes> SubKey(const SecureBytes& master, size_t size, uint64_t number,
                           const char* context) {
  FURL_ASSIGN_OR_RETURN(SecureBytes key, SecureBytes::Create(size));
  crypto_kdf_derive_from_key(key.span().data(), size, number, context, master.data());
  return key;
}

// The key itself, or what Argon2id makes of a passphrase.
Result<SecureBytes> BaseKey(const Secret& secret, const SealHeader& header) {
  FURL_ASSIGN_OR_RETURN(SecureBytes key, SecureBytes::Create(kKeySize));
  if (secret.kind == SecretKind::kKey) {
    std::ranges::copy(secret.bytes.span(), key.span().begin());
    return key;
  }
  const auto* text = reinterpret_cast<const char*>(secret.bytes.data());
  if (crypto_pwhash(key.span().data(), kKeySize, text, secret.bytes.size(), header.salt.data(),
                    header.cost.passes, size_t{header.cost.memory_kib} << 10,
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Status(StatusCode::kOutOfMemory, "no memory to make the key of the passphrase");
  }
  return key;
}

Status NotAuthentic(std::string message) { return {StatusCode::kVerifyFailed, std::move(message)}; }

Status Changed(uint64_t number) {
  return NotAuthentic("record " + std::to_string(number) +
                      " was changed, or is not what belongs there");
}

size_t MessageAt(const RecordHead& head, size_t done) {
  return std::min<size_t>(kMessageSize, head.size - done);
}

}  // namespace

bool CanSeal() { return true; }

// The master key is of this file alone, by its salt.
Status FileKey::Derive(const Secret& secret, const SealHeader& header) {
  FURL_ASSIGN_OR_RETURN(const SecureBytes base, BaseKey(secret, header));
  FURL_ASSIGN_OR_RETURN(master_, SecureBytes::Create(kKeySize));
  crypto_generichash(master_.span().data(), kKeySize, header.salt.data(), kSaltSize, base.data(),
                     base.size());
  return OkStatus();
}

Result<FileKey> FileKey::Create(const Secret& secret, const KeyCost& cost) {
  SealHeader header;
  header.kind = secret.kind;
  header.cost = secret.kind == SecretKind::kPassphrase ? cost : KeyCost{0, 0};
  randombytes_buf(header.salt.data(), kSaltSize);
  FileKey key;
  FURL_RETURN_IF_ERROR(key.Derive(secret, header));
  FURL_ASSIGN_OR_RETURN(const SecureBytes check, SubKey(key.master_, kCheckSize, 0, kCheckContext));
  FURL_ASSIGN_OR_RETURN(const SecureBytes mac, SubKey(key.master_, kKeySize, 0, kHeaderContext));
  std::ranges::copy(HeaderStart(header), key.header_.begin());
  std::ranges::copy(check.span(), key.header_.begin() + kCheckAt);
  crypto_auth(key.header_.data() + kMacAt, key.header_.data(), kMacAt, mac.data());
  return key;
}

Result<FileKey> FileKey::Open(std::span<const uint8_t> bytes, const Secret& secret) {
  FURL_ASSIGN_OR_RETURN(const SealHeader header, ParseHeader(bytes));
  if (header.kind != secret.kind) {
    return NotAuthentic(header.kind == SecretKind::kKey
                            ? "it is sealed with a key file, not with a passphrase"
                            : "it is sealed with a passphrase, not with a key file");
  }
  FileKey key;
  FURL_RETURN_IF_ERROR(key.Derive(secret, header));
  FURL_ASSIGN_OR_RETURN(const SecureBytes check, SubKey(key.master_, kCheckSize, 0, kCheckContext));
  if (sodium_memcmp(check.data(), header.check.data(), kCheckSize) != 0) {
    return NotAuthentic(header.kind == SecretKind::kKey ? "wrong key" : "wrong passphrase");
  }
  FURL_ASSIGN_OR_RETURN(const SecureBytes mac, SubKey(key.master_, kKeySize, 0, kHeaderContext));
  if (crypto_auth_verify(header.mac.data(), bytes.data(), kMacAt, mac.data()) != 0) {
    return NotAuthentic("the header of the sealed file was changed");
  }
  std::ranges::copy(bytes.first(kHeaderSize), key.header_.begin());
  return key;
}

Status FileKey::SealRecord(uint64_t number, std::span<const uint8_t> plain, bool last,
                           std::vector<uint8_t>* sealed) const {
  if (plain.size() > kMaxRecordBytes || (plain.empty() && !last) || number >= kMaxRecords) {
    return InvalidArgument("that is no record of a sealed file");
  }
  const RecordHead head = {static_cast<uint32_t>(plain.size()), last};
  const auto binding = BindingOf(mac(), number, head);
  const auto head_bytes = WriteRecordHead(head);
  FURL_ASSIGN_OR_RETURN(const SecureBytes key, SubKey(master_, kKeySize, number, kRecordContext));
  size_t at = sealed->size();
  sealed->resize(at + head.sealed_size());
  std::ranges::copy(head_bytes, sealed->begin() + static_cast<ptrdiff_t>(at));
  at += kRecordHeadSize;
  StreamState state;
  crypto_secretstream_xchacha20poly1305_init_push(state.get(), sealed->data() + at, key.data());
  at += kStreamHeaderSize;
  size_t done = 0;
  do {
    const size_t size = MessageAt(head, done);
    const bool final = done + size == plain.size();
    crypto_secretstream_xchacha20poly1305_push(
        state.get(), sealed->data() + at, nullptr, plain.data() + done, size, binding.data(),
        binding.size(),
        final ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
              : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    at += size + kMessageOverhead;
    done += size;
  } while (done < plain.size());
  return OkStatus();
}

Result<std::vector<uint8_t>> FileKey::OpenRecord(uint64_t number, const RecordHead& head,
                                                 const FillFn& fill) const {
  if (number >= kMaxRecords) return LimitExceeded("the sealed file has too many records");
  const auto binding = BindingOf(mac(), number, head);
  FURL_ASSIGN_OR_RETURN(const SecureBytes key, SubKey(master_, kKeySize, number, kRecordContext));
  std::array<uint8_t, kStreamHeaderSize> start;
  FURL_RETURN_IF_ERROR(fill(start));
  StreamState state;
  if (crypto_secretstream_xchacha20poly1305_init_pull(state.get(), start.data(), key.data()) != 0) {
    return Changed(number);
  }
  std::vector<uint8_t> plain;
  std::vector<uint8_t> message;
  do {
    const size_t done = plain.size();
    message.resize(MessageAt(head, done) + kMessageOverhead);
    FURL_RETURN_IF_ERROR(fill(message));
    plain.resize(done + MessageAt(head, done));
    unsigned char tag = 0;
    if (crypto_secretstream_xchacha20poly1305_pull(state.get(), plain.data() + done, nullptr, &tag,
                                                   message.data(), message.size(), binding.data(),
                                                   binding.size()) != 0) {
      return Changed(number);
    }
    const bool final = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    if (final != (plain.size() == head.size)) return Changed(number);
  } while (plain.size() < head.size);
  return plain;
}

}  // namespace furl::seal
