// SecureBytes: memory for secrets. It is wiped before it is given back, and kept out of swap and
// core dumps where the system allows it.

#ifndef FURL_SEAL_SECURE_BYTES_H_
#define FURL_SEAL_SECURE_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "base/status.h"

namespace furl::seal {

class SecureBytes {
 public:
  SecureBytes() = default;
  // Zeros. kOutOfMemory; kUnsupported in builds without libsodium.
  static Result<SecureBytes> Create(size_t size);

  std::span<uint8_t> span() { return {bytes_.get(), size_}; }
  std::span<const uint8_t> span() const { return {bytes_.get(), size_}; }
  const uint8_t* data() const { return bytes_.get(); }
  size_t size() const { return size_; }
  // Forgets what is behind; `size` is at most size().
  void Shorten(size_t size) { size_ = size; }

 private:
  struct Wipe {
    void operator()(uint8_t* bytes) const;
  };

  std::unique_ptr<uint8_t, Wipe> bytes_;
  size_t size_ = 0;
};

}  // namespace furl::seal

#endif  // FURL_SEAL_SECURE_BYTES_H_
