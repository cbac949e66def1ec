// LibavReader: beginning somewhere else than where the input does.

#include "media/read/libav_reader.h"

namespace furl::media {
namespace {

// How many seconds before the place that is wanted. Containers without an index lead anywhere
// between two key frames, so that the first picture may come too late.
constexpr double kRunUps[] = {0, 2, 10, 60, 1e9};

}  // namespace

// Not where frames are counted from the beginning, or where a filter remembers all that came.
bool LibavReader::CanJump() const {
  const FilterOptions& filter = options_.filter;
  const bool remembers =
      filter.frame_rate.num > 0 || !filter.graph.empty() || filter.denoise != Denoise::kNo;
  return !remembers && options_.frames == 0 && !options_.other_streams && pictures_ == nullptr &&
         !video_packets_.wanted() && demuxer_->seekable();
}

Status LibavReader::Seek(double seconds) {
  FURL_RETURN_IF_ERROR(demuxer_->SeekTo(seconds));
  avcodec_flush_buffers(decoder_.get());
  filter_.Restart();
  gate_.RestartVideo();
  ready_.clear();
  held_ = nullptr;
  next_guess_ = kNoTimestamp;
  input_ended_ = false;
  return OkStatus();
}

Result<bool> LibavReader::JumpTo(int64_t pts) {
  if (!CanJump()) return false;
  const int64_t ticks = Rescale(pts, info_.video.time_base, source_time_base_) + origin_;
  for (const double run_up : kRunUps) {
    const double seconds = static_cast<double>(ticks) * source_time_base_.value() - run_up;
    if (!Seek(seconds).ok()) continue;
    while (ready_.empty() && held_ == nullptr && !input_ended_) FURL_RETURN_IF_ERROR(Pump());
    if ((!ready_.empty() || held_ != nullptr) && FirstFrame().pts <= pts) return true;
  }
  return InvalidStream("the input leads to no picture at or before that time");
}

}  // namespace furl::media
