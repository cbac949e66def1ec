#include "eval/clip.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "base/sha256.h"
#include "media/video_reader.h"
#include "session/original_video.h"

namespace furl::eval {
namespace {

constexpr uint64_t kMaxClipSamples = uint64_t{1} << 31;
constexpr size_t kMaxFileBytes = size_t{1} << 32;

media::ReaderOptions ReaderOptionsOf(const ClipOptions& options) {
  media::ReaderOptions reader;
  reader.frames = options.frames;
  reader.other_streams = false;
  reader.notice = options.notice;
  reader.filter.notice = options.notice;
  reader.cancelled = options.cancelled;
  return reader;
}

// Whether every frame lasts a frame, give or take what ticks of a container round off.
bool IsEven(const Clip& clip) {
  constexpr double kTolerance = 0.25;  // of a frame
  const double frames_per_tick = clip.time_base.value() * clip.fps();
  for (size_t i = 1; i < clip.frames.size(); ++i) {
    const auto ticks = static_cast<double>(clip.frames[i]->pts - clip.frames[i - 1]->pts);
    if (std::abs(ticks * frames_per_tick - 1) > kTolerance) return false;
  }
  return true;
}

}  // namespace

Result<double> ProbeClip(const std::string& path, const ClipOptions& options) {
  FURL_ASSIGN_OR_RETURN(const auto video, session::OpenOriginal(path, ReaderOptionsOf(options)));
  const media::VideoInfo& info = video->info().video;
  const auto frames = static_cast<double>(std::max<int64_t>(info.frame_count, 0));
  return frames * info.width * info.height;
}

Result<Clip> LoadClip(const std::string& path, const ClipOptions& options) {
  FURL_ASSIGN_OR_RETURN(const auto video, session::OpenOriginal(path, ReaderOptionsOf(options)));
  const media::VideoInfo& info = video->info().video;
  Clip clip;
  clip.path = path;
  clip.name = std::filesystem::path(path).stem().string();
  clip.format() = info.format();
  clip.sample_aspect = {1, 1};
  uint64_t samples = 0;
  for (;;) {
    auto item = video->Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) break;
    if (!item.ok()) return item.status().WithContext(path);
    if (item->frame == nullptr) continue;
    samples += static_cast<uint64_t>(clip.width) * clip.height * 3 / 2;
    if (samples > kMaxClipSamples) {
      return LimitExceeded(path + ": too long to hold in memory; --frames takes the first ones");
    }
    clip.frames.push_back(std::move(item->frame));
  }
  if (clip.frames.empty()) return InvalidStream(path + ": no frames");
  if (!IsEven(clip) && options.notice) {
    char rate[32];
    std::snprintf(rate, sizeof(rate), "%.3f", clip.fps());
    options.notice(path + ": frames are not evenly spaced; bit rates are at its nominal rate of " +
                   rate + " frames/s");
  }
  FURL_ASSIGN_OR_RETURN(const auto bytes, ReadFile(path, kMaxFileBytes));
  clip.sha256 = ToHex(Sha256(bytes));
  return clip;
}

}  // namespace furl::eval
