#include "hls/segment_list.h"

#include <algorithm>
#include <cmath>

#include "media/output_file.h"

namespace furl::hls {

Status SegmentList::Make(const std::string& name, std::span<const uint8_t> bytes) {
  FURL_RETURN_IF_ERROR(WriteFile(name, bytes, place().overwrite));
  made_.push_back(place().PathOf(name));
  return OkStatus();
}

Status SegmentList::PutInit(std::span<const uint8_t> bytes) {
  init_ = place().InitName();
  return Make(init_, bytes);
}

Status SegmentList::Put(std::span<const uint8_t> bytes, const SegmentTime& time) {
  const std::string name = place().SegmentName(count() + 1);
  FURL_RETURN_IF_ERROR(Make(name, bytes));
  Count(bytes.size(), time.seconds);
  list_.segments.push_back({name, time.seconds, init_, false, {}});
  list_.target = std::max(list_.target, static_cast<int>(std::lround(time.seconds)));
  return OkStatus();
}

Status SegmentList::Finish() {
  list_.sequence = 1;
  list_.ended = true;
  FURL_RETURN_IF_ERROR(WriteList(list_, place().overwrite));
  made_.push_back(place().PathOf(place().ListName()));
  return OkStatus();
}

void SegmentList::RemoveAll() {
  for (const std::string& path : made_) (void)media::RemoveOutput(path);
  made_.clear();
}

}  // namespace furl::hls
