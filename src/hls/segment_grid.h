// SegmentGrid: where segments begin, the same in all tracks of a package.

#ifndef FURL_HLS_SEGMENT_GRID_H_
#define FURL_HLS_SEGMENT_GRID_H_

#include <cmath>
#include <cstdint>

#include "base/rational.h"

namespace furl::hls {

// A segment begins with the first packet, of video the first key frame, in each of the grid's
// cells. Encoders make a key frame of the first picture of a cell.
struct SegmentGrid {
  double origin = 0;   // seconds: the first picture
  double seconds = 4;  // of a cell, above zero

  // Of a time in ticks; what is before the origin is in the first cell, 0.
  int64_t CellOf(int64_t pts, Rational time_base) const {
    // A hair more, because times are rounded to ticks.
    constexpr double kHair = 1e-4;
    const double time = static_cast<double>(pts) * time_base.value() - origin;
    return time > 0 ? static_cast<int64_t>(std::floor((time + kHair) / seconds)) : 0;
  }
};

// Of a segment, in seconds of its track's time.
struct SegmentTime {
  double begin = 0;
  double seconds = 0;  // how long it is
};

// Cuts the packets of one track.
class SegmentCutter {
 public:
  SegmentCutter(const SegmentGrid& grid, Rational time_base) : grid_(grid), tick_(time_base) {}

  // Whether a segment begins at the packet; true for the first. Packets with `key` false begin
  // none.
  bool Begins(int64_t pts, bool key) {
    if (started_ && (!key || grid_.CellOf(pts, tick_) <= cell_)) return false;
    ended_ = started_ ? TimeOf(begin_, pts) : SegmentTime();
    begin_ = pts;
    cell_ = grid_.CellOf(pts, tick_);
    started_ = true;
    return true;
  }

  // The segment that ended where the latest began; no seconds if there was none.
  const SegmentTime& ended() const { return ended_; }
  // The open one, if the track ends at `end`.
  SegmentTime Open(int64_t end) const { return started_ ? TimeOf(begin_, end) : SegmentTime(); }

 private:
  SegmentTime TimeOf(int64_t begin, int64_t end) const {
    return {static_cast<double>(begin) * tick_.value(),
            static_cast<double>(end - begin) * tick_.value()};
  }

  SegmentGrid grid_;
  Rational tick_;
  bool started_ = false;
  int64_t cell_ = 0;
  int64_t begin_ = 0;
  SegmentTime ended_;
};

}  // namespace furl::hls

#endif  // FURL_HLS_SEGMENT_GRID_H_
