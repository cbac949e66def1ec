#include "seal/secure_bytes.h"

#include <sodium.h>

namespace furl::seal {

void SecureBytes::Wipe::operator()(uint8_t* bytes) const { sodium_free(bytes); }

Result<SecureBytes> SecureBytes::Create(size_t size) {
  if (sodium_init() < 0) return InternalError("libsodium can't start");
  auto* bytes = static_cast<uint8_t*>(sodium_malloc(size));
  if (bytes == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  sodium_memzero(bytes, size);
  SecureBytes secure;
  secure.bytes_.reset(bytes);
  secure.size_ = size;
  return secure;
}

}  // namespace furl::seal
