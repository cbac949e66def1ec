#include "media/bytes/sealed_output.h"

#include <algorithm>

namespace furl::media {
namespace {

// Calls `take` with each record's bytes of a part, and whether it is the part's last.
template <typename Take>
Status ForEachRecord(std::span<const uint8_t> part, const Take& take) {
  do {
    const size_t size = std::min<size_t>(part.size(), seal::kMaxRecordBytes);
    const bool ends = size == part.size();
    FURL_RETURN_IF_ERROR(take(part.first(size), ends));
    part = part.subspan(size);
  } while (!part.empty());
  return OkStatus();
}

// Puts `bytes` at `at`, over what is there and behind.
void Put(std::span<const uint8_t> bytes, size_t at, std::vector<uint8_t>* out) {
  out->resize(std::max(out->size(), at + bytes.size()));
  std::ranges::copy(bytes, out->begin() + static_cast<ptrdiff_t>(at));
}

}  // namespace

int64_t SealedOutput::stored() const { return file_->size() + static_cast<int64_t>(part_.size()); }

Status SealedOutput::Write(int64_t position, std::span<const uint8_t> bytes) {
  const auto size = static_cast<int64_t>(bytes.size());
  if (position >= part_begin_ && position <= part_begin_ + static_cast<int64_t>(part_.size())) {
    Put(bytes, static_cast<size_t>(position - part_begin_), &part_);
    return OkStatus();
  }
  if (position < 0 || position + size > static_cast<int64_t>(first_.size())) {
    return InternalError("what is sealed can't be written again");
  }
  Put(bytes, static_cast<size_t>(position), &first_);
  return OkStatus();
}

Status SealedOutput::Seal(std::span<const uint8_t> part, bool last, uint64_t* number) {
  return ForEachRecord(part, [&](std::span<const uint8_t> plain, bool ends) {
    if (*number >= seal::kMaxRecords) {
      return LimitExceeded("a sealed file can't have so many key frames");
    }
    std::vector<uint8_t> sealed;
    FURL_RETURN_IF_ERROR(key_.SealRecord((*number)++, plain, last && ends, &sealed));
    return file_->Write(sealed);
  });
}

// Leaves room for the header and the first part, and keeps that.
Status SealedOutput::KeepFirst() {
  uint64_t room = seal::kHeaderSize;
  const Status counted = ForEachRecord(part_, [&](std::span<const uint8_t> plain, bool) {
    room += seal::RecordHead{static_cast<uint32_t>(plain.size()), false}.sealed_size();
    ++number_;
    return OkStatus();
  });
  FURL_RETURN_IF_ERROR(counted);
  first_ = part_;
  return file_->Write(std::vector<uint8_t>(room));
}

Status SealedOutput::EndPart() {
  if (part_.empty()) return OkStatus();
  const bool keeps = !first_ended_ && file_->seekable();
  if (keeps) {
    FURL_RETURN_IF_ERROR(KeepFirst());
  } else {
    if (!first_ended_) FURL_RETURN_IF_ERROR(file_->Write(key_.header()));
    FURL_RETURN_IF_ERROR(Seal(part_, /*last=*/false, &number_));
  }
  first_ended_ = true;
  part_begin_ += static_cast<int64_t>(part_.size());
  part_.clear();
  return file_->seekable() ? OkStatus() : file_->Flush();
}

Status SealedOutput::SealFirst() {
  uint64_t number = 0;
  FURL_RETURN_IF_ERROR(file_->Seek(0));
  FURL_RETURN_IF_ERROR(file_->Write(key_.header()));
  return Seal(first_, /*last=*/false, &number);
}

Status SealedOutput::Commit() {
  if (!first_ended_) FURL_RETURN_IF_ERROR(EndPart());
  if (!first_ended_) return InternalError("nothing was written into a sealed file");
  FURL_RETURN_IF_ERROR(Seal(part_, /*last=*/true, &number_));
  part_.clear();
  if (file_->seekable()) FURL_RETURN_IF_ERROR(SealFirst());
  return file_->Commit();
}

}  // namespace furl::media
