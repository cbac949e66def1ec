// Signatures in the format of minisign: Ed25519 over a file, in a small file beside it.
//
// Both kinds are known: over the file itself ("Ed") and over its BLAKE2b-512 ("ED", what minisign
// makes today). The trusted comment is signed as well.

#ifndef FURL_SEAL_SIGNATURE_H_
#define FURL_SEAL_SIGNATURE_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"

namespace furl::seal {

inline constexpr char kSignatureSuffix[] = ".minisig";
inline constexpr size_t kMaxSignatureFile = 16 << 10;  // bytes

using KeyId = std::array<uint8_t, 8>;

struct PublicKey {
  KeyId id = {};
  std::array<uint8_t, 32> key = {};
};

struct Signature {
  bool of_hash = false;  // "ED"
  KeyId key_id = {};
  std::array<uint8_t, 64> signature = {};
  std::string trusted_comment;
  std::array<uint8_t, 64> comment_signature = {};  // of the signature and the trusted comment
};

// Of all of these kUnsupported in builds without libsodium.

// A key as minisign shows it ("RW..."), or what a .pub file holds. kInvalidArgument.
Result<PublicKey> ParsePublicKey(std::string_view text);

// What a .minisig file holds. kInvalidStream.
Result<Signature> ParseSignature(std::string_view text);

// kVerifyFailed unless the owner of the key signed these bytes and the trusted comment.
Status CheckSignature(const PublicKey& key, const Signature& signature,
                      std::span<const uint8_t> bytes);

}  // namespace furl::seal

#endif  // FURL_SEAL_SIGNATURE_H_
