#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "media/byte_input.h"
#include "media/bytes/fd_bytes.h"
#include "media/bytes/read_start.h"
#include "media/bytes/sealed_bytes.h"
#include "media/input_path.h"

namespace furl::media {
namespace {

// Enough to tell sealed files, bare streams and Matroska.
constexpr size_t kLeast = seal::kMagicSize;

seal::SecretPtr input_secret;

// Says how it is sealed.
Status KeyNeeded(const std::string& name, std::span<const uint8_t> start) {
  const auto header = seal::ParseHeader(start);
  if (!header.ok()) return header.status().WithContext(name);
  const bool key = header->kind == seal::SecretKind::kKey;
  return InvalidArgument(
      name + " is encrypted with " + seal::SecretText(*header) + "; " +
      (key ? "--key-file names it" : "--passphrase-file or FURL_PASSPHRASE gives it"));
}

// A sealed file's header, if the file is one and can be read twice.
std::vector<uint8_t> FirstOf(const std::string& path) {
  if (path == "-" || !IsRegularFile(path)) return {};
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::vector<uint8_t> first(seal::kHeaderSize);
  const ssize_t n = pread(fd, first.data(), first.size(), 0);
  close(fd);
  first.resize(n < 0 ? 0 : static_cast<size_t>(n));
  return first;
}

}  // namespace

std::string InputName(const std::string& path) { return path == "-" ? "standard input" : path; }

void SetInputSecret(seal::SecretPtr secret) { input_secret = std::move(secret); }

Result<ByteInputPtr> OpenBytes(const std::string& path, std::vector<uint8_t> first,
                               const CancelFn& cancelled) {
  const int fd = path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return IoError(path + ": " + std::strerror(errno));
  const std::string name = InputName(path);
  auto start = ReadStart(name, fd, std::move(first), kLeast, cancelled);
  if (!start.ok() && fd != STDIN_FILENO) close(fd);
  if (!start.ok()) return start.status();
  auto bytes = std::make_shared<FdBytes>(fd, name, std::move(*start), cancelled);
  if (!seal::StartsSealed(bytes->start())) return ByteInputPtr(std::move(bytes));
  if (input_secret == nullptr) return KeyNeeded(name, bytes->start());
  return SealedBytes::Open(std::move(bytes), name, *input_secret);
}

std::optional<seal::SealHeader> SealOf(const std::string& path) {
  const auto header = seal::ParseHeader(FirstOf(path));
  return header.ok() ? std::optional(*header) : std::nullopt;
}

bool IsPlainFile(const std::string& path) {
  const std::vector<uint8_t> first = FirstOf(path);
  return !first.empty() && !seal::StartsSealed(first);
}

}  // namespace furl::media
