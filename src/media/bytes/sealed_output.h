// SealedOutput: plain bytes to a sealed file (docs/encryption.md).
//
// The bytes before the first EndPart, headers as a rule, may be written again until the end, where
// the file can seek: they are kept in memory, and sealed last, in the place that was left for them.
// What is behind can't be changed. Plain bytes never reach the file.

#ifndef FURL_MEDIA_BYTES_SEALED_OUTPUT_H_
#define FURL_MEDIA_BYTES_SEALED_OUTPUT_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "media/output_file.h"
#include "seal/file_key.h"

namespace furl::media {

class SealedOutput {
 public:
  // `file` is empty.
  SealedOutput(std::unique_ptr<OutputFile> file, seal::FileKey key)
      : file_(std::move(file)), key_(std::move(key)) {}

  OutputFile& file() { return *file_; }
  // Of the file, if it ended now: a little less than it will have.
  int64_t stored() const;

  // At the end of what has been written or, as above, before. kIo; kLimitExceeded for too many
  // records.
  Status Write(int64_t position, std::span<const uint8_t> bytes);

  // What came since the last one is opened as one, up to seal::kMaxRecordBytes.
  Status EndPart();

  Status Commit();

 private:
  Status Seal(std::span<const uint8_t> part, bool last, uint64_t* number);
  Status KeepFirst();
  Status SealFirst();

  std::unique_ptr<OutputFile> file_;
  seal::FileKey key_;
  std::vector<uint8_t> first_;  // the first part, of a file that can seek
  bool first_ended_ = false;
  std::vector<uint8_t> part_;  // the current one
  int64_t part_begin_ = 0;     // of its plain bytes
  uint64_t number_ = 0;        // of the next record
};

}  // namespace furl::media

#endif  // FURL_MEDIA_BYTES_SEALED_OUTPUT_H_
