#include "session/trimmed_video.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace furl::session {

TrimmedVideo::TrimmedVideo(media::VideoReader* source, const TrimOptions& options)
    : source_(source),
      options_(options),
      info_(source->info()),
      trim_(options.start, options.duration, info_.video.time_base, /*container_start=*/0) {}

Result<std::unique_ptr<TrimmedVideo>> TrimmedVideo::Open(media::VideoReader* source,
                                                         const TrimOptions& options) {
  std::unique_ptr<TrimmedVideo> video(new TrimmedVideo(source, options));
  while (video->frames_ == 0 && !video->ended_) FURL_RETURN_IF_ERROR(video->Pump());
  if (video->frames_ == 0) return InvalidArgument("there is no picture in the part that is wanted");
  return video;
}

Result<media::MediaItem> TrimmedVideo::Next() {
  for (;;) {
    if (!ready_.empty()) {
      media::MediaItem item = std::move(ready_.front());
      ready_.pop_front();
      return item;
    }
    if (ended_) return Status(StatusCode::kEndOfStream, "end of the part");
    FURL_RETURN_IF_ERROR(Pump());
  }
}

Status TrimmedVideo::Pump() {
  auto item = source_->Next();
  if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) {
    End(/*cut=*/false);
    return OkStatus();
  }
  FURL_RETURN_IF_ERROR(item.status());
  if (item->frame != nullptr) return TakeFrame(*item);
  gate_.Put(std::move(*item->packet));
  gate_.Release(info_.streams, &ready_);
  return OkStatus();
}

Status TrimmedVideo::TakeFrame(const media::MediaItem& item) {
  const int64_t pts = item.frame->pts;
  if (trim_.IsBefore(pts)) return OkStatus();
  if (trim_.IsBehind(pts) || (options_.frames > 0 && frames_ == options_.frames)) {
    End(/*cut=*/true);
    return OkStatus();
  }
  if (!gate_.is_open()) Begin(pts);
  const int64_t origin = gate_.times().origin;
  ConstFramePtr frame = item.frame;
  if (origin != 0) {
    FURL_ASSIGN_OR_RETURN(const FramePtr moved, frame->Copy());
    moved->pts = pts - origin;
    frame = moved;
  }
  ++frames_;
  end_ = frame->pts + item.duration;
  gate_.ReachVideo(frame->pts);
  ready_.push_back({std::move(frame), item.duration, nullptr});
  gate_.Release(info_.streams, &ready_);
  return OkStatus();
}

void TrimmedVideo::Begin(int64_t first_pts) {
  const Rational tick = info_.video.time_base;
  const int64_t origin = trim_.Origin(first_pts, 1, /*any_zero=*/false);
  trim_.CutChapters(origin, &info_.chapters);
  gate_.Open(trim_, {tick, origin, tick, options_.frames > 0});
  if (origin != 0) {
    for (media::StreamInfo& stream : info_.streams) stream.start = 0;
  }
  int64_t& count = info_.video.frame_count;
  const double rate = info_.video.frame_rate.value();
  if (count >= 0 && options_.start > 0) {
    count = std::max<int64_t>(count - std::llround(options_.start * rate), 1);
  }
  if (count >= 0 && options_.duration > 0) {
    count = std::min<int64_t>(count, std::llround(std::ceil(options_.duration * rate)));
  }
  if (count >= 0 && options_.frames > 0) count = std::min(count, options_.frames);
}

void TrimmedVideo::End(bool cut) {
  ended_ = true;
  gate_.EndVideo(end_);
  if (cut) gate_.CutVideo();
  gate_.Release(info_.streams, &ready_);
}

}  // namespace furl::session
