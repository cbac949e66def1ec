#include "hls/segment_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "media/output_file.h"

namespace furl::hls {

std::string SegmentPlace::SegmentName(int64_t number) const {
  return fmt::format("{}-{:05}{}", name, number, ending);
}

Status SegmentList::WriteFile(const std::string& name, std::span<const uint8_t> bytes) {
  const std::string path = place_.PathOf(name);
  FURL_ASSIGN_OR_RETURN(const auto file, media::OutputFile::Open(path, place_.overwrite));
  FURL_RETURN_IF_ERROR(file->Write(bytes));
  FURL_RETURN_IF_ERROR(file->Commit());
  made_.push_back(path);
  return OkStatus();
}

Status SegmentList::PutInit(std::span<const uint8_t> bytes) {
  init_ = place_.InitName();
  return WriteFile(init_, bytes);
}

Status SegmentList::Put(std::span<const uint8_t> bytes, double seconds) {
  const std::string name = place_.SegmentName(static_cast<int64_t>(size()) + 1);
  FURL_RETURN_IF_ERROR(WriteFile(name, bytes));
  list_.segments.push_back({name, seconds, init_});
  const auto size = static_cast<int64_t>(bytes.size());
  bytes_ += size;
  seconds_ += seconds;
  const double rate = static_cast<double>(size) * 8 / std::max(seconds, 1e-3);
  peak_ = std::max<int64_t>(peak_, std::llround(rate));
  list_.target = std::max(list_.target, static_cast<int>(std::lround(seconds)));
  return OkStatus();
}

int64_t SegmentList::mean() const {
  return seconds_ > 0 ? std::llround(static_cast<double>(bytes_) * 8 / seconds_) : 0;
}

Status SegmentList::Finish() {
  list_.sequence = 1;
  list_.ended = true;
  const std::string text = WriteMediaPlaylist(list_);
  return WriteFile(place_.ListName(), {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

void SegmentList::RemoveAll() {
  for (const std::string& path : made_) (void)media::RemoveOutput(path);
  made_.clear();
}

}  // namespace furl::hls
