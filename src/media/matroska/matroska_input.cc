#include "media/matroska/matroska_input.h"

#include <utility>
#include <vector>

namespace furl::media {

Result<std::unique_ptr<MatroskaInput>> MatroskaInput::Create(ByteInputPtr bytes) {
  std::unique_ptr<MatroskaInput> input(new MatroskaInput);
  const auto passed = [checker = &input->checker_](std::span<const uint8_t> piece) {
    checker->Append(piece);
  };
  FURL_ASSIGN_OR_RETURN(input->file_, AvInput::Create(std::move(bytes), passed));
  return input;
}

// Gives the checker the next piece.
Status MatroskaInput::Feed() {
  std::vector<uint8_t> piece(kAvIoBufferSize);
  const bool seekable = file_->bytes().seekable();
  FURL_ASSIGN_OR_RETURN(const size_t n,
                        file_->bytes().Read(seekable ? fed_ : file_->position(), piece));
  if (n == 0) {
    checker_.End();
  } else {
    checker_.Append(std::span(piece).first(n));
  }
  if (seekable) {
    fed_ += static_cast<int64_t>(n);
  } else {
    file_->Skip(n);
  }
  return OkStatus();
}

Status MatroskaInput::CheckUntil(int64_t position) {
  while (file_->bytes().seekable() && !checker_.ended() && checker_.checked() <= position) {
    FURL_RETURN_IF_ERROR(Feed());
  }
  return OkStatus();
}

Status MatroskaInput::CheckRest() {
  while (!checker_.ended()) FURL_RETURN_IF_ERROR(Feed());
  return OkStatus();
}

}  // namespace furl::media
