// FileKey: seals and opens the records of one file (docs/encryption.md).

#ifndef FURL_SEAL_FILE_KEY_H_
#define FURL_SEAL_FILE_KEY_H_

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/status.h"
#include "seal/seal_format.h"
#include "seal/secret.h"

namespace furl::seal {

// Whether this build seals and opens files; where not, all below is kUnsupported.
bool CanSeal();

class FileKey {
 public:
  // Of a new file, with a salt of its own. `cost` is that of a passphrase. kOutOfMemory.
  static Result<FileKey> Create(const Secret& secret, const KeyCost& cost);

  // Of a file that begins with `header`, kHeaderSize bytes. As ParseHeader; kVerifyFailed where the
  // secret is the wrong one or of the other kind, and where the header was changed.
  static Result<FileKey> Open(std::span<const uint8_t> header, const Secret& secret);

  const std::array<uint8_t, kHeaderSize>& header() const { return header_; }

  // Appends the record with that number, counted from 0. kInvalidArgument for more than
  // kMaxRecordBytes, none where it isn't the last, and from kMaxRecords on.
  Status SealRecord(uint64_t number, std::span<const uint8_t> plain, bool last,
                    std::vector<uint8_t>* sealed) const;

  // Fills all of `bytes` with what comes next in the file.
  using FillFn = std::function<Status(std::span<uint8_t> bytes)>;

  // What the record holds whose head has been read: `fill` gives the rest of it, and its errors are
  // passed on. kVerifyFailed, and nothing of the record is given, if any of it was changed or it
  // has another place in the file. Takes memory only as the bytes come.
  Result<std::vector<uint8_t>> OpenRecord(uint64_t number, const RecordHead& head,
                                          const FillFn& fill) const;

 private:
  FileKey() = default;
  Status Derive(const Secret& secret, const SealHeader& header);
  void WriteHeader(const SealHeader& header);
  std::span<const uint8_t, kMacSize> mac() const {
    return std::span(header_).subspan<kMacAt, kMacSize>();
  }

  SecureBytes master_;
  std::array<uint8_t, kHeaderSize> header_ = {};
};

}  // namespace furl::seal

#endif  // FURL_SEAL_FILE_KEY_H_
