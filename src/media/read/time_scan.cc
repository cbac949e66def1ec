#include "media/read/time_scan.h"

#include <sys/stat.h>

#include <algorithm>
#include <numeric>

namespace furl::media {
namespace {

// Packets that may follow the last wanted one in file order because of
// reordering.
constexpr int64_t kReorderMargin = 64;

bool IsRegularFile(const std::string& path) {
  struct stat info;
  return path != "-" && stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

}  // namespace

TimeScan ScanTimes(std::vector<int64_t>* pts, int64_t last_duration) {
  TimeScan scan;
  std::sort(pts->begin(), pts->end());
  pts->erase(std::unique(pts->begin(), pts->end()), pts->end());
  scan.frames = static_cast<int64_t>(pts->size());
  if (pts->empty()) return scan;
  scan.first_pts = pts->front();
  scan.span = pts->back() + last_duration - pts->front();
  int64_t divisor = last_duration;
  scan.constant = pts->size() > 1 || last_duration > 0;
  std::vector<int64_t> steps;
  for (size_t i = 1; i < pts->size(); ++i) {
    steps.push_back((*pts)[i] - (*pts)[i - 1]);
    divisor = std::gcd(divisor, steps.back());
    if (steps.back() != steps.front()) scan.constant = false;
  }
  // The last duration is often a guess; it must not spoil a constant rate.
  if (scan.constant && pts->size() > 1) divisor = (*pts)[1] - (*pts)[0];
  scan.tick = std::max<int64_t>(divisor, 1);
  if (steps.empty()) return scan;
  const auto middle = steps.begin() + static_cast<ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  scan.step = *middle;
  return scan;
}

Result<TimeScan> ScanFile(const std::string& path, const DemuxOptions& options, double start,
                          double duration, int64_t max_frames) {
  if (!IsRegularFile(path)) return Unsupported("not a file");
  DemuxOptions quiet = options;
  quiet.notice = nullptr;
  quiet.other_streams = false;
  FURL_ASSIGN_OR_RETURN(auto demuxer, LibavDemuxer::Open(path, quiet));
  const AVStream& stream = *demuxer->video_stream();
  const AVFormatContext& context = *demuxer->context();
  const double origin = context.start_time == AV_NOPTS_VALUE
                            ? 0.0
                            : static_cast<double>(context.start_time) / AV_TIME_BASE;
  if (start > 0) FURL_RETURN_IF_ERROR(demuxer->SeekTo(origin + start));
  const double tick = av_q2d(stream.time_base);
  std::vector<int64_t> times;
  int64_t last_pts = INT64_MIN;
  int64_t last_duration = 0;
  int64_t beyond = 0;
  for (;;) {
    auto packet = demuxer->ReadPacket();
    if (!packet.ok() && packet.status().code() == StatusCode::kEndOfStream) break;
    if (!packet.ok()) return packet.status();
    const AVPacket& p = **packet;
    if (demuxer->MapStream(p) != kVideoStream || (p.flags & AV_PKT_FLAG_DISCARD) != 0) continue;
    if (p.pts == AV_NOPTS_VALUE) return Unsupported("timestamps are missing");
    const double time = static_cast<double>(p.pts) * tick - origin;
    const bool late = (duration > 0 && time >= start + duration) ||
                      (max_frames > 0 && static_cast<int64_t>(times.size()) >= max_frames);
    if (late && ++beyond > kReorderMargin) break;
    if (time < start || (late && duration > 0 && time >= start + duration)) continue;
    times.push_back(p.pts);
    if (p.pts > last_pts) last_duration = p.duration;
    last_pts = std::max(last_pts, p.pts);
  }
  return ScanTimes(&times, last_duration);
}

}  // namespace furl::media
