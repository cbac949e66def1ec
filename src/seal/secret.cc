#include "seal/secret.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace furl::seal {
namespace {

Status Failed(const std::string& path) { return IoError(path + ": " + std::strerror(errno)); }

SecretPtr MakeSecret(SecretKind kind, SecureBytes bytes) {
  return std::make_shared<const Secret>(Secret{kind, std::move(bytes)});
}

bool Never() { return false; }

constexpr int kPollMilliseconds = 100;

// Reads until `bytes` is full, the file ends, or a line does where `line` says so. How much was
// read, of which nothing is kept anywhere else. kIo, kCancelled.
Result<size_t> Fill(int fd, const std::string& name, bool line, bool (*cancelled)(),
                    std::span<uint8_t> bytes) {
  size_t size = 0;
  while (size < bytes.size()) {
    if (cancelled()) return Status(StatusCode::kCancelled, "interrupted");
    // Not forever: a signal may come just before.
    pollfd waiting = {fd, POLLIN, 0};
    if (poll(&waiting, 1, kPollMilliseconds) <= 0) continue;
    const ssize_t n = read(fd, bytes.data() + size, bytes.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failed(name);
    if (n == 0) break;
    const auto piece = bytes.subspan(size, static_cast<size_t>(n));
    size += piece.size();
    if (line && std::find(piece.begin(), piece.end(), '\n') != piece.end()) break;
  }
  return size;
}

class OpenedFile {
 public:
  explicit OpenedFile(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenedFile() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

Result<SecretPtr> ReadKeyFile(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(SecureBytes bytes, SecureBytes::Create(kKeySize + 1));
  const OpenedFile file(path);
  if (file.fd() < 0) return Failed(path);
  FURL_ASSIGN_OR_RETURN(const size_t size, Fill(file.fd(), path, false, Never, bytes.span()));
  if (size != kKeySize) {
    return InvalidArgument(path + " is no key: that has 32 bytes, as `head -c 32 /dev/urandom` " +
                           "makes them");
  }
  bytes.Shorten(size);
  return MakeSecret(SecretKind::kKey, std::move(bytes));
}

Result<SecretPtr> ReadPassphraseFile(const std::string& path) {
  const OpenedFile file(path);
  if (file.fd() < 0) return Failed(path);
  return ReadPassphrase(file.fd(), path);
}

Result<SecretPtr> ReadPassphrase(int fd, const std::string& name, bool (*cancelled)()) {
  FURL_ASSIGN_OR_RETURN(SecureBytes bytes, SecureBytes::Create(kMaxPassphrase + 2));
  FURL_ASSIGN_OR_RETURN(
      const size_t read,
      Fill(fd, name, true, cancelled != nullptr ? cancelled : Never, bytes.span()));
  const auto text = bytes.span().first(read);
  auto size = static_cast<size_t>(std::find(text.begin(), text.end(), '\n') - text.begin());
  if (size > 0 && text[size - 1] == '\r') --size;
  if (size == 0) return InvalidArgument(name + ": the passphrase is empty");
  if (size > kMaxPassphrase) {
    return InvalidArgument(name + ": a passphrase has at most 1024 bytes");
  }
  bytes.Shorten(size);
  return MakeSecret(SecretKind::kPassphrase, std::move(bytes));
}

Result<SecretPtr> PassphraseOf(std::string_view text) {
  if (text.empty()) return InvalidArgument("the passphrase is empty");
  if (text.size() > kMaxPassphrase) {
    return InvalidArgument("a passphrase has at most 1024 bytes");
  }
  FURL_ASSIGN_OR_RETURN(SecureBytes bytes, SecureBytes::Create(text.size()));
  std::copy(text.begin(), text.end(), bytes.span().begin());
  return MakeSecret(SecretKind::kPassphrase, std::move(bytes));
}

bool SameSecret(const Secret& a, const Secret& b) {
  return a.kind == b.kind && std::ranges::equal(a.bytes.span(), b.bytes.span());
}

}  // namespace furl::seal
