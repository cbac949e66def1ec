#include "codec/dec/gop_ledger.h"

#include <algorithm>
#include <cmath>

#include "base/checked_math.h"

namespace furl {

Status GopLedger::Check(const FrameHeader& header) const {
  if (header.display_order >= sequence_.gop_length) {
    return InvalidStream("frame lies beyond the longest GOP");
  }
  if (!header.key() && length_ > 0) return InvalidStream("frame comes after the end of its GOP");
  if (!header.last_of_gop) return OkStatus();
  if (header.gop_frames() > sequence_.gop_length) {
    return InvalidStream("GOP is longer than the longest");
  }
  if (!header.key() && last_display_ >= header.gop_frames()) {
    return InvalidStream("GOP is shorter than what came of it");
  }
  return OkStatus();
}

GopLedger::Missing GopLedger::Add(const FrameHeader& header, const FrameTag& tag) {
  Missing missing;
  if (header.key()) {
    if (open_) {
      missing.of_gop =
          MissingOfGop(Follows(header) ? std::optional(header.frames_before) : std::nullopt);
      missing.behind = MissingBehind(header, tag);
    }
    open_ = true;
    number_ = header.gop_number;
    length_ = last_display_ = 0;
    came_ = lost_ = 0;
    end_pts_ = INT64_MIN;
  }
  ++came_;
  last_display_ = std::max(last_display_, header.display_order);
  if (header.last_of_gop) length_ = header.gop_frames();
  Extend(tag);
  return missing;
}

void GopLedger::AddLost(const FrameTag& tag) {
  ++lost_;
  Extend(tag);
}

GopLedger::Missing GopLedger::End() {
  Missing missing;
  if (open_) missing.of_gop = MissingOfGop(std::nullopt);
  open_ = false;
  return missing;
}

// `frames_before`: what the key frame of the GOP behind says, if that came.
int64_t GopLedger::MissingOfGop(std::optional<int> frames_before) const {
  const int length = length_ > 0 ? length_ : frames_before.value_or(0);
  if (length > 0) return std::max<int64_t>(length - came_ - lost_, 0);
  const int64_t gaps = std::max<int64_t>(last_display_ + 1 - came_ - lost_, 0);
  // A packet said where it ends, but didn't come, unless it was one of those lost. Without delay
  // there may have been none; a key frame behind then knows.
  const bool was_said = !sequence_.low_delay || frames_before.has_value();
  return was_said && lost_ == 0 ? std::max<int64_t>(gaps, 1) : gaps;
}

// Whether the key frame is that of the next GOP of the same encode.
bool GopLedger::Follows(const FrameHeader& key) const {
  return key.gop_number != 0 && key.gop_number == number_ % FrameHeader::kMaxGopNumber + 1;
}

// Streams may be cut and joined between GOPs. Then numbers jump but time does not; and where
// nothing was recorded for a while time jumps but numbers do not.
int64_t GopLedger::MissingBehind(const FrameHeader& key, const FrameTag& tag) const {
  if (key.gop_number == 0 || Follows(key)) return 0;
  const int64_t gap = CheckedSub(tag.pts, end_pts_).value_or(0);
  const double seconds = static_cast<double>(gap) * sequence_.time_base.value();
  // Times may have been rounded on the way, and joined parts wait for each other's sound.
  constexpr double kJoint = 0.1;
  if (seconds < kJoint) return 0;
  const double frames = seconds * sequence_.frame_rate.value();
  return std::max<int64_t>(std::llround(std::min(frames, 1e9)), 1);
}

void GopLedger::Extend(const FrameTag& tag) {
  const double ticks = 1 / (sequence_.time_base.value() * sequence_.frame_rate.value());
  const int64_t duration =
      tag.duration > 0 ? tag.duration : std::llround(std::min(std::max(ticks, 1.0), 1e15));
  end_pts_ = std::max(end_pts_, CheckedAdd(tag.pts, duration).value_or(tag.pts));
}

}  // namespace furl
