#include "media/matroska/matroska_checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/checked_math.h"
#include "media/matroska/ebml_buffer.h"
#include "media/matroska/matroska_ids.h"

namespace furl::media {
namespace {

// Elements are judged whole. Clusters end behind 4 MB (matroska_writer.cc) and
// one picture; what is longer than this (attachments) is passed over.
constexpr uint64_t kMaxHeld = uint64_t{64} << 20;

// How much may be judged of elements that claim what follows them, for each byte that has come and
// beside that. Every one of a forged file may be inside of the one before and claim all the rest.
constexpr uint64_t kVainBytesPerByte = 8;
constexpr uint64_t kVainBytesAtFirst = uint64_t{32} << 20;

constexpr char kNoElement[] = "something is missing or wrong";

struct SectionName {
  uint32_t id;
  const char* name;
};

// All that a Segment may hold.
constexpr SectionName kSections[] = {
    {mkv::kCluster, "cluster"},   {mkv::kCues, "index (Cues)"},
    {mkv::kInfo, "segment info"}, {mkv::kTracks, "track description"},
    {mkv::kTags, "tags"},         {mkv::kSeekHead, "table of contents (SeekHead)"},
    {mkv::kChapters, "chapters"}, {mkv::kAttachments, "attachments"},
    {mkv::kVoid, "void"},
};

constexpr uint32_t kClusterChildren[] = {
    mkv::kTimestamp, mkv::kSimpleBlock, mkv::kBlockGroup, mkv::kPosition,
    mkv::kPrevSize,  mkv::kVoid,        mkv::kCrc32,
};

const char* NameOf(uint32_t id) {
  for (const SectionName& section : kSections) {
    if (section.id == id) return section.name;
  }
  return id == mkv::kEbml ? "file header" : nullptr;
}

// Whether the checksum that begins `content` is right; true without one.
bool ChecksumFits(std::span<const uint8_t> content) {
  EbmlCursor cursor(content);
  if (!cursor.Next() || cursor.id() != mkv::kCrc32 || cursor.content().size() != 4) return true;
  uint32_t stored = 0;  // the one number in Matroska that is little-endian
  for (int i = 3; i >= 0; --i) stored = stored << 8 | cursor.content()[i];
  return stored == EbmlCrc32(cursor.rest());
}

}  // namespace

void MatroskaChecker::Append(std::span<const uint8_t> bytes) {
  if (begin_ > buffer_.size() / 2) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<ptrdiff_t>(begin_));
    begin_ = 0;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  while (Step()) {
  }
}

void MatroskaChecker::End() {
  if (ended_) return;
  ended_ = true;
  while (Step()) {
  }
  Consume(rest().size());
  CheckSize();
  CheckIndex();
}

void MatroskaChecker::Consume(size_t bytes) {
  begin_ += bytes;
  offset_ += static_cast<int64_t>(bytes);
}

// At `ahead` bytes behind what has been consumed.
void MatroskaChecker::Report(int64_t time_ns, const std::string& message, size_t ahead) {
  const int64_t offset = offset_ + static_cast<int64_t>(ahead);
  const std::string where =
      time_ns < 0 ? "" : fmt::format(" at {:.3f} s", static_cast<double>(time_ns) * 1e-9);
  hurt_ = true;
  damage_.push_back({offset, time_ns, fmt::format("{}{} (byte {})", message, where, offset)});
}

// One unit of the file; false if more bytes are needed or none are left.
bool MatroskaChecker::Step() {
  switch (state_) {
    case State::kStart: return TakeStart();
    case State::kElements: return TakeElement();
    case State::kSkip: return Skip();
    case State::kResync: return Resync();
  }
  return false;
}

bool MatroskaChecker::TakeStart() {
  if (rest().empty() || (rest().size() < kMaxEbmlHead && !ended_)) return false;
  const auto head = ReadEbmlHead(rest());
  if (head && head->id == mkv::kSegment) {
    Consume(head->head_size);
    segment_begin_ = offset_;
    if (head->size != kUnknownEbmlSize && head->size < INT64_MAX / 2) {
      segment_end_ = offset_ + static_cast<int64_t>(head->size);
    }
    state_ = State::kElements;
    return true;
  }
  if (head && head->id == mkv::kEbml && head->size < kMaxHeld) return TakeWhole(*head);
  Report(-1, "the file header is damaged");
  Consume(1);  // or Resync would come back to it
  state_ = State::kResync;
  return true;
}

bool MatroskaChecker::TakeElement() {
  if (rest().empty() || (rest().size() < kMaxEbmlHead && !ended_)) return false;
  const auto head = ReadEbmlHead(rest());
  // Behind the segment's end (CheckSize) and where bytes are missing there is
  // no element.
  const bool usable =
      head && NameOf(head->id) != nullptr && head->id != mkv::kEbml && head->size < INT64_MAX / 2 &&
      (segment_end_ < 0 || static_cast<int64_t>(head->size) <= segment_end_ - offset_);
  if (!usable || (head->id == mkv::kCluster && head->size > kMaxHeld)) {
    Report(-1, kNoElement);
    Consume(1);  // or Resync would come back to it
    state_ = State::kResync;
    return true;
  }
  if (head->size <= kMaxHeld) return TakeWhole(*head);
  Consume(head->head_size);
  skip_ = head->size;
  state_ = State::kSkip;
  return true;
}

// The element at the front, judged when it and what begins behind it are here.
bool MatroskaChecker::TakeWhole(const EbmlHead& head) {
  const size_t size = head.head_size + static_cast<size_t>(head.size);
  const bool complete = rest().size() >= size;
  if (!ended_ && rest().size() < size + sizeof(uint32_t)) return false;
  const auto content =
      rest().subspan(head.head_size, std::min(rest().size(), size) - head.head_size);
  int64_t time_ns = -1;
  std::string wrong = Wary() ? "is damaged" : Check(head.id, content, &time_ns);
  const bool follows = complete && (head.id == mkv::kEbml || ElementFollows(size));
  if (!complete) wrong = "is cut off";
  if (!wrong.empty()) {
    Report(time_ns, fmt::format("the {} {}", NameOf(head.id), wrong));
  } else if (!follows) {
    Report(-1, kNoElement, size);
  }
  // Where bytes are missing, this element has swallowed the head of the next.
  if (!follows) {
    state_ = State::kResync;
    vain_bytes_ += content.size();
  }
  Consume(follows ? size : head.head_size);
  return true;
}

// Whether so much was judged in vain that no damage to a file explains it: elements then are not
// read to their ends any more.
bool MatroskaChecker::Wary() const {
  const auto come = static_cast<uint64_t>(offset_) + rest().size();
  return vain_bytes_ > kVainBytesAtFirst + kVainBytesPerByte * come;
}

// Whether an element of the segment, or the end of the file, is at rest()[at].
bool MatroskaChecker::ElementFollows(size_t at) const {
  const auto next = rest().subspan(at);
  if (next.empty()) return true;
  if (next[0] == mkv::kVoid) return true;
  const auto id = static_cast<uint32_t>(ReadEbmlUint(next.first(std::min<size_t>(next.size(), 4))));
  return NameOf(id) != nullptr;
}

bool MatroskaChecker::Skip() {
  const auto size = static_cast<size_t>(std::min<uint64_t>(skip_, rest().size()));
  Consume(size);
  skip_ -= size;
  if (skip_ > 0) return false;
  state_ = State::kElements;
  return true;
}

// Goes to the next thing that looks like an element.
bool MatroskaChecker::Resync() {
  const auto data = rest();
  for (size_t i = 0; i + sizeof(uint32_t) <= data.size(); ++i) {
    const auto id = static_cast<uint32_t>(ReadEbmlUint(data.subspan(i, sizeof(uint32_t))));
    if (id == mkv::kSegment || (id != mkv::kEbml && NameOf(id) != nullptr)) {
      Consume(i);
      state_ = id == mkv::kSegment ? State::kStart : State::kElements;
      return true;
    }
  }
  Consume(data.size() - std::min(data.size(), sizeof(uint32_t) - 1));
  return false;
}

// What is wrong with an element, as the end of a sentence; empty if nothing.
std::string MatroskaChecker::Check(uint32_t id, std::span<const uint8_t> content,
                                   int64_t* time_ns) {
  bool sound = true;
  if (id == mkv::kCluster) sound = CheckCluster(content, time_ns);
  if (id == mkv::kInfo) sound = CheckInfo(content);
  if (id == mkv::kCues) sound = index_.AddCues(content, INT64_MAX / scale_ns_);
  if (!ChecksumFits(content)) return "has a wrong checksum";
  return sound ? "" : "is damaged";
}

bool MatroskaChecker::CheckCluster(std::span<const uint8_t> content, int64_t* time_ns) {
  bool timed = false;
  bool known = true;
  EbmlCursor cursor(content);
  while (cursor.Next()) {
    known &= std::ranges::find(kClusterChildren, cursor.id()) != std::end(kClusterChildren);
    if (timed || cursor.id() != mkv::kTimestamp || cursor.content().size() > 8) continue;
    const uint64_t time = ReadEbmlUint(cursor.content());
    if (time > static_cast<uint64_t>(INT64_MAX / scale_ns_)) continue;
    timed = true;
    *time_ns = static_cast<int64_t>(time) * scale_ns_;
    index_.AddCluster(offset_ - segment_begin_, static_cast<int64_t>(time), cursor.rest());
  }
  return timed && known && !cursor.broken();
}

bool MatroskaChecker::CheckInfo(std::span<const uint8_t> content) {
  EbmlCursor cursor(content);
  while (cursor.Next()) {
    if (cursor.id() != mkv::kTimestampScale || cursor.content().size() > 8) continue;
    const uint64_t scale = ReadEbmlUint(cursor.content());
    if (scale == 0 || scale > 1000000000) return false;
    scale_ns_ = static_cast<int64_t>(scale);
  }
  return !cursor.broken();
}

void MatroskaChecker::CheckSize() {
  if (segment_end_ < 0 || segment_end_ == offset_) return;
  if (offset_ < segment_end_) {
    Report(-1, fmt::format("{} bytes are missing", segment_end_ - offset_));
  } else {
    Report(-1, fmt::format("the file is {} bytes too long", offset_ - segment_end_));
  }
}

// Where bytes are missing or too many, that was said, and positions behind them are off by it.
void MatroskaChecker::CheckIndex() {
  for (const int64_t time : index_.Lost(/*positions=*/!hurt_)) {
    // The unit may be another now than when the time was found to fit it.
    const int64_t time_ns = CheckedMul(time, scale_ns_).value_or(-1);
    Report(time_ns, "the index names a cluster that is not there,");
  }
}

}  // namespace furl::media
