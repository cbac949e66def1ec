// What opens a sealed file: a key, or a passphrase that a key is made of.

#ifndef FURL_SEAL_SECRET_H_
#define FURL_SEAL_SECRET_H_

#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"
#include "seal/secure_bytes.h"

namespace furl::seal {

// As sealed files have it in their header.
enum class SecretKind : uint8_t { kKey = 0, kPassphrase = 1 };

inline constexpr size_t kKeySize = 32;
inline constexpr size_t kMaxPassphrase = 1024;  // bytes

struct Secret {
  SecretKind kind = SecretKind::kKey;
  SecureBytes bytes;  // kKeySize of a key, 1 to kMaxPassphrase of a passphrase
};
using SecretPtr = std::shared_ptr<const Secret>;

// All of these: kUnsupported in builds without libsodium.

// A file of kKeySize bytes, as `head -c 32 /dev/urandom` makes. kIo, kInvalidArgument.
Result<SecretPtr> ReadKeyFile(const std::string& path);

// The first line of a file, without its end. kIo; kInvalidArgument if it is empty or too long.
Result<SecretPtr> ReadPassphraseFile(const std::string& path);

// The same of an open file, whose name is `name`; what is behind the line may have been read.
// kCancelled where a signal comes and `cancelled` says so.
Result<SecretPtr> ReadPassphrase(int fd, const std::string& name, bool (*cancelled)() = nullptr);

// kInvalidArgument if it is empty or too long. The caller wipes its own copy.
Result<SecretPtr> PassphraseOf(std::string_view text);

bool SameSecret(const Secret& a, const Secret& b);

}  // namespace furl::seal

#endif  // FURL_SEAL_SECRET_H_
