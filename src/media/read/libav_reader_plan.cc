// LibavReader: what comes out, decided when the first picture is there.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "media/filter/filter_steps.h"
#include "media/libav/side_data.h"
#include "media/read/libav_reader.h"

namespace furl::media {
namespace {

// Finest ticks kept where the input can't be scanned.
constexpr Rational kFinestTick = {1, 90000};
// Numerators and denominators of measured frame rates stay below this.
constexpr int kMaxRatePart = 1000000;

Rational Reduced(Rational r) {
  const int64_t divisor = std::gcd(r.num, r.den);
  return divisor > 1 ? Rational{r.num / divisor, r.den / divisor} : r;
}

bool IsReciprocal(Rational a, Rational b) { return a.num * b.num == a.den * b.den; }

}  // namespace

// Decides what comes out, once the first picture is known: of times zero and ticks, of the picture
// what filters leave of it.
Status LibavReader::PlanOutput(const AVFrame& first) {
  PlanTimes(first.pts);
  VideoInfo& video = info_.video;
  ReadFrameSideData(first, &video);
  const bool woven = options_.filter.deinterlace == Deinterlace::kNo;
  video.field_order = woven ? FieldOrderOf(first) : FieldOrder::kProgressive;
  if (options_.filter.tone_map && !IsHdr(first)) {
    NoticeOnce("the input is not HDR: nothing is tone-mapped");
  } else if (options_.filter.tone_map) {
    video.mastering.reset();
    video.light.reset();
  }
  if (options_.turn_upright) {
    filter_.TurnBy(video.rotation);
    video.rotation = 0;
  }
  FURL_RETURN_IF_ERROR(filter_.Prepare(first, {source_time_base_, video.frame_rate}));
  TakeChangedRate();
  PlanOutputRate();
  return OkStatus();
}

// Filters may make more or fewer pictures than there were. A whole number of each keeps the ticks
// as regular as they were; else those of the filter are taken.
void LibavReader::TakeChangedRate() {
  VideoInfo& video = info_.video;
  const Rational rate = filter_.changed_rate();
  if (rate.num <= 0 || rate.value() == video.frame_rate.value()) return;
  const double ratio = rate.value() / video.frame_rate.value();
  const double whole = std::round(ratio);
  if (whole >= 1 && std::abs(ratio - whole) < 1e-6) {
    video.time_base = Reduced({video.time_base.num, video.time_base.den * std::llround(whole)});
  } else {
    video.time_base = filter_.changed_time_base();
  }
  video.frame_rate = Reduced(rate);
  video.usual_rate *= ratio;
  if (video.frame_count >= 0) {
    video.frame_count = std::llround(static_cast<double>(video.frame_count) * ratio);
  }
}

void LibavReader::PlanTimes(int64_t first_pts) {
  int64_t tick = scan_ ? scan_->tick : 1;
  // Broadcast clocks start anywhere.
  const bool any_zero = (demuxer_->context()->iformat->flags & AVFMT_TS_DISCONT) != 0;
  const int64_t origin = trim_.Origin(first_pts, tick, any_zero);
  tick = std::gcd(tick, first_pts - origin);
  info_.video.time_base = Reduced({source_time_base_.num * tick, source_time_base_.den});
  PlanRate();
  for (StreamInfo& stream : info_.streams) {
    const int64_t shift = Rescale(origin, source_time_base_, stream.time_base);
    stream.start = trim_.has_start() ? 0 : stream.start - shift;
  }
  trim_.CutChapters(origin, &info_.chapters);
  origin_ = origin;
}

// The frame rate of the source, and how it is to be called.
void LibavReader::PlanRate() {
  VideoInfo& video = info_.video;
  if (scan_ && scan_->constant) {
    video.constant_frame_rate = true;
    video.frame_rate = Reduced({source_time_base_.den, source_time_base_.num * scan_->tick});
  } else if (scan_ && scan_->span > 0 && IsReciprocal(video.frame_rate, video.time_base)) {
    // Pictures are missing from a regular grid. A rate of one tick per frame
    // means "constant"; the true average tells the two apart.
    int num = 0;
    int den = 0;
    av_reduce(&num, &den, scan_->frames * source_time_base_.den,
              scan_->span * source_time_base_.num, kMaxRatePart);
    video.frame_rate = {num, std::max(den, 1)};
  } else if (!scan_ && source_time_base_.value() < kFinestTick.value()) {
    video.time_base = kFinestTick;
  }
  if (!scan_ && (info_.format == "yuv4mpegpipe" || info_.format == "rawvideo")) {
    video.constant_frame_rate = true;
  }
  video.frame_count = scan_ ? scan_->frames : -1;
  if (scan_) {
    const int64_t ticks = scan_->constant ? scan_->frames * scan_->tick : scan_->span;
    video.seconds = static_cast<double>(ticks) * source_time_base_.value();
  }
  if (scan_ && scan_->step > 0) {
    video.usual_rate = 1 / (static_cast<double>(scan_->step) * source_time_base_.value());
  }
}

// What --fps and --frames make of it.
void LibavReader::PlanOutputRate() {
  VideoInfo& video = info_.video;
  if (options_.filter.frame_rate.num > 0) {
    const Rational fps = Reduced(options_.filter.frame_rate);
    if (scan_) {
      video.frame_count = std::max<int64_t>(1, std::llround(video.seconds * fps.value()));
    }
    video.frame_rate = fps;
    video.usual_rate = 0;
    video.time_base = {fps.den, fps.num};
    video.constant_frame_rate = true;
  }
  if (options_.frames > 0 && video.frame_count >= 0) {
    video.frame_count = std::min(video.frame_count, options_.frames);
    if (video.constant_frame_rate) {
      video.seconds = static_cast<double>(video.frame_count) / video.frame_rate.value();
    }
  }
}

}  // namespace furl::media
