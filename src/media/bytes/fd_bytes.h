// FdBytes: an open file, or a pipe whose beginning has been read.

#ifndef FURL_MEDIA_BYTES_FD_BYTES_H_
#define FURL_MEDIA_BYTES_FD_BYTES_H_

#include <string>
#include <vector>

#include "media/byte_input.h"

namespace furl::media {

class FdBytes : public ByteInput {
 public:
  enum class Seeking { kWherePossible, kNever };

  // Takes over `fd`, which has given `first` already. `name` is for messages.
  FdBytes(int fd, std::string name, std::vector<uint8_t> first, CancelFn cancelled,
          Seeking seeking = Seeking::kWherePossible);
  ~FdBytes() override;
  FdBytes(const FdBytes&) = delete;
  FdBytes& operator=(const FdBytes&) = delete;

  Result<size_t> Read(int64_t position, std::span<uint8_t> bytes) override;
  bool seekable() const override { return seekable_; }
  Result<int64_t> Size() override;
  std::span<const uint8_t> start() const override { return first_; }

 private:
  int fd_;
  std::string name_;
  std::vector<uint8_t> first_;
  CancelFn cancelled_;
  bool seekable_ = false;
  int64_t base_ = 0;  // of the input in the file
};

}  // namespace furl::media

#endif  // FURL_MEDIA_BYTES_FD_BYTES_H_
