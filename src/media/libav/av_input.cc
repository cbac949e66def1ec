#include "media/libav/av_input.h"

#include <cerrno>
#include <cstdio>
#include <utility>

namespace furl::media {

Result<std::unique_ptr<AvInput>> AvInput::Create(ByteInputPtr bytes, PassedFn passed) {
  std::unique_ptr<AvInput> input(new AvInput);
  input->bytes_ = std::move(bytes);
  input->passed_ = std::move(passed);
  AvIoFunctions functions = {.read = &AvInput::Read};
  if (input->bytes_->seekable()) functions.seek = &AvInput::Seek;
  FURL_ASSIGN_OR_RETURN(input->avio_, MakeAvIo(input.get(), functions));
  return input;
}

int AvInput::Fail(const Status& status) {
  status_ = status;
  return status.code() == StatusCode::kCancelled ? AVERROR_EXIT : AVERROR(EIO);
}

int AvInput::Read(void* self, uint8_t* data, int size) {
  auto* input = static_cast<AvInput*>(self);
  const auto n = input->bytes_->Read(input->position_, {data, static_cast<size_t>(size)});
  if (!n.ok()) return input->Fail(n.status());
  if (*n == 0) return AVERROR_EOF;
  // What goes through a pipe can't be had again.
  if (!input->bytes_->seekable() && input->passed_) input->passed_({data, *n});
  input->Skip(*n);
  return static_cast<int>(*n);
}

int64_t AvInput::Seek(void* self, int64_t offset, int whence) {
  auto* input = static_cast<AvInput*>(self);
  const auto size = input->bytes_->Size();
  if (!size.ok()) return input->Fail(size.status());
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE: return *size;
    case SEEK_SET: break;
    case SEEK_CUR: offset += input->position_; break;
    case SEEK_END: offset += *size; break;
    default: return AVERROR(EINVAL);
  }
  if (offset < 0) return AVERROR(EINVAL);
  input->position_ = offset;
  return offset;
}

}  // namespace furl::media
