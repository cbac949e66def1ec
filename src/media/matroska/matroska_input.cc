#include "media/matroska/matroska_input.h"

#include <utility>

namespace furl::media {

Result<std::unique_ptr<MatroskaInput>> MatroskaInput::Create(const std::string& path, int fd,
                                                             std::vector<uint8_t> first,
                                                             CancelFn cancelled) {
  std::unique_ptr<MatroskaInput> input(new MatroskaInput);
  input->path_ = path;
  const auto passed = [checker = &input->checker_](std::span<const uint8_t> bytes) {
    checker->Append(bytes);
  };
  FURL_ASSIGN_OR_RETURN(input->file_,
                        FdInput::Create(fd, std::move(first), std::move(cancelled), passed));
  return input;
}

// Gives the checker the next piece.
Status MatroskaInput::Feed() {
  std::vector<uint8_t> piece(kAvIoBufferSize);
  const int n =
      file_->ReadAt(file_->seekable() ? fed_ : file_->position(), piece.data(), kAvIoBufferSize);
  if (n < 0) return AvStatus(n, path_, StatusCode::kIo);
  if (n == 0) {
    checker_.End();
  } else {
    checker_.Append(std::span(piece).first(static_cast<size_t>(n)));
  }
  if (file_->seekable()) {
    fed_ += n;
  } else {
    file_->Skip(n);
  }
  return OkStatus();
}

Status MatroskaInput::CheckUntil(int64_t position) {
  while (file_->seekable() && !checker_.ended() && checker_.checked() <= position) {
    FURL_RETURN_IF_ERROR(Feed());
  }
  return OkStatus();
}

Status MatroskaInput::CheckRest() {
  while (!checker_.ended()) FURL_RETURN_IF_ERROR(Feed());
  return OkStatus();
}

}  // namespace furl::media
