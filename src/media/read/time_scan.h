// TimeScan: how a stream's pictures lie in time, learned from packets alone.
//
// Containers count in fine ticks (1/90000 s) even for constant frame rates. The
// greatest common divisor of all timestamps gives the coarsest time base that
// is still exact, which keeps Matroska timestamps exact and cheap.

#ifndef FURL_MEDIA_READ_TIME_SCAN_H_
#define FURL_MEDIA_READ_TIME_SCAN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/rational.h"
#include "base/status.h"
#include "media/libav/libav_demuxer.h"

namespace furl::media {

struct TimeScan {
  int64_t frames = 0;
  int64_t first_pts = 0;  // in ticks of the stream
  int64_t span = 0;       // from the first picture's start to the last one's end
  int64_t tick = 1;       // every timestamp is first_pts + a multiple of this
  // All distances equal; then tick is that distance.
  bool constant = false;
  // The median distance: pauses and gaps don't change it. 0: there is one picture at most.
  int64_t step = 0;
};

// The scan of a list of timestamps in any order (sorted in place);
// `last_duration` in ticks, 0 if unknown.
TimeScan ScanTimes(std::vector<int64_t>* pts, int64_t last_duration);

// Reads the video packets of the file at `path` with presentation time in
// [start, start + duration) seconds (duration <= 0: to the end), at most about
// `max_frames` of them (0: all). kUnsupported if timestamps are missing or the
// input can't be read twice.
Result<TimeScan> ScanFile(const std::string& path, const DemuxOptions& options, double start,
                          double duration, int64_t max_frames);

}  // namespace furl::media

#endif  // FURL_MEDIA_READ_TIME_SCAN_H_
