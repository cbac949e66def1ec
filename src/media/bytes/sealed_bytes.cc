#include "media/bytes/sealed_bytes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace furl::media {
namespace {

// Enough of the plain bytes to know what they are.
constexpr size_t kStart = 256 << 10;

constexpr char kChanged[] = "was changed, or is not what belongs there";
constexpr char kTooLong[] = "there are bytes behind the last record";

Result<seal::FileKey> OpenKey(ByteInput* stored, const seal::Secret& secret) {
  std::array<uint8_t, seal::kHeaderSize> header;
  size_t size = 0;
  while (size < header.size()) {
    FURL_ASSIGN_OR_RETURN(
        const size_t n, stored->Read(static_cast<int64_t>(size), std::span(header).subspan(size)));
    if (n == 0) break;
    size += n;
  }
  return seal::FileKey::Open(std::span(header).first(size), secret);
}

}  // namespace

Result<ByteInputPtr> SealedBytes::Open(ByteInputPtr stored, const std::string& name,
                                       const seal::Secret& secret) {
  auto key = OpenKey(stored.get(), secret);
  if (!key.ok()) return key.status().WithContext(name);
  std::shared_ptr<SealedBytes> bytes(
      new SealedBytes(std::move(stored), name, std::move(key).value()));
  if (bytes->seekable()) FURL_RETURN_IF_ERROR(bytes->MapRecords());
  FURL_RETURN_IF_ERROR(bytes->LoadEnds());
  return ByteInputPtr(std::move(bytes));
}

// Reads on, and from elsewhere, end with the same.
Status SealedBytes::Fail(uint64_t number, int64_t at, const std::string& what) {
  failed_ = {StatusCode::kVerifyFailed,
             fmt::format("{}: record {} (byte {}): {}", name_, number, at, what)};
  return failed_;
}

Status SealedBytes::Fill(uint64_t number, int64_t* at, std::span<uint8_t> bytes) {
  while (!bytes.empty()) {
    FURL_ASSIGN_OR_RETURN(const size_t n, stored_->Read(*at, bytes));
    if (n == 0) return Fail(number, *at, "the sealed file is cut off here");
    *at += static_cast<int64_t>(n);
    bytes = bytes.subspan(n);
  }
  return OkStatus();
}

Result<seal::RecordHead> SealedBytes::ReadHead(uint64_t number, int64_t* at) {
  const int64_t begin = *at;
  if (number >= seal::kMaxRecords) return LimitExceeded(name_ + ": too many sealed records");
  std::array<uint8_t, seal::kRecordHeadSize> bytes;
  FURL_RETURN_IF_ERROR(Fill(number, at, bytes));
  auto head = seal::ParseRecordHead(bytes);
  if (!head.ok()) return Fail(number, begin, kChanged);
  return head;
}

// Into opened_[0].
Status SealedBytes::OpenRecord(uint64_t number, const Record& record) {
  opened_[0] = {};
  int64_t at = record.stored + static_cast<int64_t>(seal::kRecordHeadSize);
  auto bytes = key_.OpenRecord(number, record.head,
                               [&](std::span<uint8_t> piece) { return Fill(number, &at, piece); });
  if (bytes.status().code() == StatusCode::kVerifyFailed && failed_.ok()) {
    return Fail(number, record.stored, kChanged);
  }
  if (!bytes.ok()) return bytes.status();
  opened_[0] = {number, record.plain, std::move(bytes).value()};
  return OkStatus();
}

// Goes from head to head; whether they are true is seen when a record is opened.
Status SealedBytes::MapRecords() {
  FURL_ASSIGN_OR_RETURN(const int64_t stored_size, stored_->Size());
  int64_t at = next_stored_;
  do {
    Record record = {at, size_, {}};
    const uint64_t number = records_.size();
    FURL_ASSIGN_OR_RETURN(record.head, ReadHead(number, &at));
    at = record.stored + static_cast<int64_t>(record.head.sealed_size());
    if (at > stored_size) return Fail(number, record.stored, "the sealed file is cut off in it");
    size_ += record.head.size;
    records_.push_back(record);
  } while (!records_.back().head.last);
  if (at < stored_size) return Fail(records_.size(), at, kTooLong);
  return OkStatus();
}

Status SealedBytes::LoadEnds() {
  if (seekable()) {
    FURL_RETURN_IF_ERROR(Load(records_.size() - 1));
    FURL_RETURN_IF_ERROR(Load(0));
  } else {
    FURL_RETURN_IF_ERROR(LoadNext());
  }
  const std::vector<uint8_t>& bytes = opened_[0].bytes;
  const size_t size = std::min(bytes.size(), kStart);
  start_.assign(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(size));
  return OkStatus();
}

Status SealedBytes::Load(uint64_t number) {
  if (opened_[0].number != number) std::swap(opened_[0], opened_[1]);
  return opened_[0].number == number ? OkStatus() : OpenRecord(number, records_[number]);
}

Status SealedBytes::LoadNext() {
  Record record = {next_stored_, size_, {}};
  int64_t at = next_stored_;
  FURL_ASSIGN_OR_RETURN(record.head, ReadHead(come_, &at));
  FURL_RETURN_IF_ERROR(OpenRecord(come_, record));
  ++come_;
  next_stored_ += static_cast<int64_t>(record.head.sealed_size());
  size_ += record.head.size;
  ended_ = record.head.last;
  return ended_ ? CheckEnd() : OkStatus();
}

Status SealedBytes::CheckEnd() {
  std::array<uint8_t, 1> more;
  FURL_ASSIGN_OR_RETURN(const size_t n, stored_->Read(next_stored_, more));
  return n == 0 ? OkStatus() : Fail(come_, next_stored_, kTooLong);
}

// Makes opened_[0] the record that holds `position`, unless that is behind all.
Status SealedBytes::LoadAt(int64_t position) {
  if (!seekable()) {
    while (position >= size_ && !ended_) FURL_RETURN_IF_ERROR(LoadNext());
    return OkStatus();
  }
  const auto behind = std::ranges::upper_bound(records_, position, {}, &Record::plain);
  return position < size_ ? Load(static_cast<uint64_t>(behind - records_.begin()) - 1) : OkStatus();
}

Result<size_t> SealedBytes::Read(int64_t position, std::span<uint8_t> bytes) {
  if (!failed_.ok()) return failed_;
  if (position < 0) return InvalidArgument("a negative position");
  FURL_RETURN_IF_ERROR(LoadAt(position));
  if (position >= size_) return size_t{0};
  const std::span<const uint8_t> all = opened_[0].bytes;
  const auto rest = all.subspan(static_cast<size_t>(position - opened_[0].begin));
  const size_t n = std::min(bytes.size(), rest.size());
  std::copy_n(rest.begin(), n, bytes.begin());
  return n;
}

}  // namespace furl::media
