#include "analysis/shots.h"

#include <algorithm>
#include <utility>

namespace furl::analysis {
namespace {

// Looks of one view of things; below that a camera has moved on, though nothing was cut.
constexpr double kSameView = 0.9;

}  // namespace

void ShotMaker::Add(const LatentFrame& frame) {
  const double begin = static_cast<double>(frame.tag.pts) * format_.seconds_per_tick;
  const double duration = static_cast<double>(frame.tag.duration) * format_.seconds_per_tick;
  if (frame.header.key()) {
    EndGop(begin);
    gop_ = Gop();
    gop_->begin = begin;
    gop_->end = begin;
    gop_->sketch = sketches_.Make(frame);
  }
  if (!gop_) return;
  ++gop_->frames;
  gop_->end = std::max(gop_->end, begin + std::max(duration, 1 / format_.frames_per_second));
  if (frame.motion != nullptr) gop_->motion.Add(*frame.motion, format_.frames_per_second);
}

// The GOP is in a shot from now on. It lasts to the next one's begin, where that is known.
void ShotMaker::EndGop(std::optional<double> end) {
  if (!gop_) return;
  Gop gop = std::move(*gop_);
  gop_.reset();
  if (end && *end > gop.begin) gop.end = *end;
  if (gop.end <= format_.from || gop.begin >= format_.to) return;
  const Look look = LookOf(gop.sketch, gop.motion);
  const bool joins = !cut_ && gop.end - shots_.back().begin <= kLongest &&
                     Similarity(look, first_look_) >= kSameView;
  cut_ = gop.frames < format_.gop_length;
  if (!joins) {
    shots_.push_back({gop.begin, gop.end, look, std::move(gop.sketch)});
    first_look_ = look;
    looks_ = 1;
    return;
  }
  Shot& shot = shots_.back();
  shot.end = gop.end;
  ++looks_;
  for (int i = 0; i < kLookSize; ++i) {
    shot.look[i] += (look[i] - shot.look[i]) / static_cast<float>(looks_);
  }
}

std::vector<Shot> ShotMaker::Finish() {
  EndGop(std::nullopt);
  return std::move(shots_);
}

}  // namespace furl::analysis
