#include "hls/segment_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "media/output_file.h"

namespace furl::hls {
std::string SegmentPlace::InitName(int64_t number) const {
  return number <= 1 ? InitName() : fmt::format("{}-init{:03}{}", name, number, ending);
}

std::string SegmentPlace::SegmentName(int64_t number) const {
  return fmt::format("{}-{:05}{}", name, number, ending);
}

Status WriteMasterFile(const std::string& path, const MasterPlaylist& master, bool overwrite) {
  return media::WriteOutput(path, WriteMasterPlaylist(master), overwrite);
}

Status SegmentStore::WriteFile(const std::string& name, std::span<const uint8_t> bytes,
                               bool overwrite) {
  return media::WriteOutput(place_.PathOf(name), bytes, overwrite);
}

Status SegmentStore::WriteList(const MediaPlaylist& list, bool overwrite) {
  return media::WriteOutput(place_.PathOf(place_.ListName()), WriteMediaPlaylist(list), overwrite);
}

void SegmentStore::Count(size_t bytes, double seconds) {
  const auto size = static_cast<int64_t>(bytes);
  ++count_;
  bytes_ += size;
  seconds_ += seconds;
  const double rate = static_cast<double>(size) * 8 / std::max(seconds, 1e-3);
  peak_ = std::max<int64_t>(peak_, std::llround(rate));
}

int64_t SegmentStore::mean() const {
  return seconds_ > 0 ? std::llround(static_cast<double>(bytes_) * 8 / seconds_) : 0;
}

}  // namespace furl::hls
