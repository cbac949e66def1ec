#include "seal/signature.h"

#include <sodium.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace furl::seal {
namespace {

static_assert(crypto_sign_PUBLICKEYBYTES == 32 && crypto_sign_BYTES == 64);

constexpr size_t kAlgorithmSize = 2;
constexpr std::string_view kOfBytes = "Ed";
constexpr std::string_view kOfHash = "ED";
constexpr std::string_view kUntrusted = "untrusted comment: ";
constexpr std::string_view kTrusted = "trusted comment: ";

// The next line of `text`, which it is taken from, without its end.
std::string_view TakeLine(std::string_view* text) {
  const size_t end = std::min(text->find('\n'), text->size());
  std::string_view line = text->substr(0, end);
  text->remove_prefix(std::min(end + 1, text->size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Exactly `Size` bytes of base64.
template <size_t Size>
std::optional<std::array<uint8_t, Size>> Decode(std::string_view line) {
  std::array<uint8_t, Size> bytes;
  size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(bytes.data(), Size, line.data(), line.size(), nullptr, &size, &end,
                        sodium_base64_VARIANT_ORIGINAL) != 0 ||
      size != Size || end != line.data() + line.size()) {
    return std::nullopt;
  }
  return bytes;
}

template <size_t Size>
std::string_view AlgorithmOf(const std::array<uint8_t, Size>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), kAlgorithmSize};
}

Status Refused(const char* why) { return {StatusCode::kVerifyFailed, why}; }

}  // namespace

Result<PublicKey> ParsePublicKey(std::string_view text) {
  std::string_view rest = text;
  std::string_view line = TakeLine(&rest);
  if (line.starts_with(kUntrusted)) line = TakeLine(&rest);
  const auto bytes = Decode<kAlgorithmSize + sizeof(KeyId) + crypto_sign_PUBLICKEYBYTES>(line);
  if (!bytes || AlgorithmOf(*bytes) != kOfBytes || !TakeLine(&rest).empty() || !rest.empty()) {
    return InvalidArgument("no public key of minisign");
  }
  PublicKey key;
  const auto id = bytes->begin() + kAlgorithmSize;
  std::copy_n(id, key.id.size(), key.id.begin());
  std::copy(id + sizeof(KeyId), bytes->end(), key.key.begin());
  return key;
}

Result<Signature> ParseSignature(std::string_view text) {
  const Status broken = InvalidStream("no signature of minisign");
  if (text.size() > kMaxSignatureFile) return broken;
  std::string_view rest = text;
  if (!TakeLine(&rest).starts_with(kUntrusted)) return broken;
  const auto bytes = Decode<kAlgorithmSize + sizeof(KeyId) + crypto_sign_BYTES>(TakeLine(&rest));
  const std::string_view comment = TakeLine(&rest);
  const auto comment_signature = Decode<crypto_sign_BYTES>(TakeLine(&rest));
  if (!bytes || !comment.starts_with(kTrusted) || !comment_signature || !rest.empty()) {
    return broken;
  }
  const std::string_view algorithm = AlgorithmOf(*bytes);
  if (algorithm != kOfBytes && algorithm != kOfHash) return broken;
  Signature signature;
  signature.of_hash = algorithm == kOfHash;
  const auto id = bytes->begin() + kAlgorithmSize;
  std::copy_n(id, signature.key_id.size(), signature.key_id.begin());
  std::copy(id + sizeof(KeyId), bytes->end(), signature.signature.begin());
  signature.trusted_comment = comment.substr(kTrusted.size());
  signature.comment_signature = *comment_signature;
  return signature;
}

Status CheckSignature(const PublicKey& key, const Signature& signature,
                      std::span<const uint8_t> bytes) {
  if (sodium_init() < 0) return InternalError("libsodium can't start");
  if (signature.key_id != key.id) return Refused("it is signed with another key");
  std::array<uint8_t, crypto_generichash_BYTES_MAX> hash;
  std::span<const uint8_t> signed_bytes = bytes;
  if (signature.of_hash) {
    crypto_generichash(hash.data(), hash.size(), bytes.data(), bytes.size(), nullptr, 0);
    signed_bytes = hash;
  }
  if (crypto_sign_verify_detached(signature.signature.data(), signed_bytes.data(),
                                  signed_bytes.size(), key.key.data()) != 0) {
    return Refused("the signature doesn't fit: it was changed, or isn't what was signed");
  }
  std::vector<uint8_t> commented(signature.signature.begin(), signature.signature.end());
  commented.insert(commented.end(), signature.trusted_comment.begin(),
                   signature.trusted_comment.end());
  if (crypto_sign_verify_detached(signature.comment_signature.data(), commented.data(),
                                  commented.size(), key.key.data()) != 0) {
    return Refused("the signature of the trusted comment doesn't fit");
  }
  return OkStatus();
}

}  // namespace furl::seal
