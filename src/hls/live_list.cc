#include "hls/live_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/file.h"
#include "media/output_file.h"

namespace furl::hls {
namespace {

// Of a playlist that furl wrote; more is another's.
constexpr size_t kLargestList = 1 << 20;

// Of "NAME-init002.mkv": 2; 1 of "NAME-init.mkv", and of what is no such name.
int64_t InitNumber(const SegmentPlace& place, const std::string& init) {
  const size_t begin = place.name.size() + std::string_view("-init").size();
  int64_t number = 1;
  if (init.size() > begin) std::from_chars(&init[begin], init.data() + init.size(), number);
  return std::max<int64_t>(number, 1);
}

}  // namespace

LiveList::LiveList(SegmentPlace place, double window_seconds)
    : SegmentStore(std::move(place)), window_seconds_(window_seconds) {
  list_.sequence = 1;
  list_.sliding = true;
}

Status LiveList::Resume() {
  const std::string path = place().PathOf(place().ListName());
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return OkStatus();
  FURL_ASSIGN_OR_RETURN(const std::vector<uint8_t> bytes, ReadFile(path, kLargestList));
  auto read = ReadMediaPlaylist({bytes.begin(), bytes.end()});
  if (!read.ok()) return read.status().WithContext(path);
  constexpr int64_t kMostNumber = int64_t{1} << 40;
  if (read->segments.empty() || !read->origin_ms || read->sequence > kMostNumber ||
      !read->segments.back().wall_ms) {
    return InvalidStream(path + ": this is no playlist of furl live");
  }
  list_ = std::move(*read);
  list_.ended = false;
  list_.sliding = true;
  const Segment& last = list_.segments.back();
  end_ = static_cast<double>(*last.wall_ms - *list_.origin_ms) / 1000 + last.seconds;
  inits_ = last.init.empty() ? 0 : InitNumber(place(), last.init);
  init_ = last.init;
  // What the other had taken off its list lies before it, without a gap.
  for (int64_t n = list_.sequence - 1; n > 0; --n) {
    const std::string name = place().SegmentName(n);
    if (!std::filesystem::exists(place().PathOf(name), error)) break;
    old_.push_front({name, list_.segments.front().seconds, list_.segments.front().init, false, {}});
  }
  RemoveOld();
  Break();
  return OkStatus();
}

Status LiveList::PutInit(std::span<const uint8_t> bytes) {
  const std::string name = place().InitName(++inits_);
  FURL_RETURN_IF_ERROR(WriteFile(name, bytes, true));
  init_ = name;
  return OkStatus();
}

Status LiveList::Put(std::span<const uint8_t> bytes, const SegmentTime& time) {
  const std::string name = place().SegmentName(next_number());
  FURL_RETURN_IF_ERROR(WriteFile(name, bytes, true));
  Count(bytes.size(), time.seconds);
  const int64_t wall = origin_ms() + std::llround(time.begin * 1000);
  list_.segments.push_back({name, time.seconds, init_, std::exchange(apart_, false), wall});
  // It may not change while the list lives, but a segment that is too long would be worse.
  list_.target = std::max(list_.target, static_cast<int>(std::lround(time.seconds)));
  end_ = time.begin + time.seconds;
  Slide();
  FURL_RETURN_IF_ERROR(WriteList(list_, true));
  RemoveOld();
  return OkStatus();
}

size_t LiveList::Passed() const {
  double seconds = 0;
  size_t kept = 0;
  while (kept < list_.segments.size() && (kept < kFewest || seconds < window_seconds_)) {
    seconds += list_.segments[list_.segments.size() - ++kept].seconds;
  }
  return list_.segments.size() - kept;
}

void LiveList::Slide() {
  const size_t passed = Passed();
  const auto end = list_.segments.begin() + static_cast<std::ptrdiff_t>(passed);
  list_.breaks += std::count_if(list_.segments.begin(), end, [](auto& s) { return s.apart; });
  old_.insert(old_.end(), list_.segments.begin(), end);
  list_.segments.erase(list_.segments.begin(), end);
  list_.sequence += static_cast<int64_t>(passed);
  if (!list_.segments.empty() && std::exchange(list_.segments.front().apart, false)) ++list_.breaks;
}

bool LiveList::IsUsed(const std::string& init) const {
  const auto uses = [&](const Segment& segment) { return segment.init == init; };
  return init == init_ || std::any_of(old_.begin(), old_.end(), uses) ||
         std::any_of(list_.segments.begin(), list_.segments.end(), uses);
}

// RFC 8216, 6.2.2: a segment stays as long as it is, and the longest list that it was in.
void LiveList::RemoveOld() {
  double seconds = 0;
  for (const Segment& segment : old_) seconds += segment.seconds;
  while (!old_.empty() && seconds - old_.front().seconds > window_seconds_ + list_.target) {
    const Segment segment = std::move(old_.front());
    old_.pop_front();
    seconds -= segment.seconds;
    // What can't be removed harms nobody.
    (void)media::RemoveOutput(place().PathOf(segment.uri));
    if (!segment.init.empty() && !IsUsed(segment.init)) {
      (void)media::RemoveOutput(place().PathOf(segment.init));
    }
  }
}

Status LiveList::Finish() {
  if (list_.segments.empty()) return OkStatus();
  list_.ended = true;
  return WriteList(list_, true);
}

}  // namespace furl::hls
