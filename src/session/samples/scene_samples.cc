#include "session/samples/scene_samples.h"

#include <algorithm>
#include <cmath>

#include "codec/enc/scene_cut.h"
#include "session/original_video.h"

namespace furl::session {
namespace {

constexpr int kMinSamples = 5;
constexpr int kMaxSamples = 20;
constexpr double kSecondsPerSample = 60;

// Frames of a sample: --sample-seconds, rounded up to whole GOPs.
int64_t SampleFrames(const VideoLength& length, const SampleSettings& settings) {
  const double rate = static_cast<double>(length.frames) / std::max(length.seconds, 1e-9);
  const double gops =
      std::ceil(settings.seconds * rate / static_cast<double>(settings.gop_frames) - 1e-6);
  return static_cast<int64_t>(std::clamp(gops, 1.0, 1e9)) * settings.gop_frames;
}

// Reads from `reader` until the run is complete or the video ends.
Status FillRun(media::VideoReader* reader, GopRun* run) {
  SceneCutDetector detector;
  for (;;) {
    auto item = reader->Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) return OkStatus();
    if (!item.ok()) return item.status();
    if (item->frame != nullptr && !run->Add(detector.IsCut(*item->frame))) return OkStatus();
  }
}

}  // namespace

int DefaultSamples(double video_seconds) {
  return static_cast<int>(std::clamp(std::round(video_seconds / kSecondsPerSample),
                                     1.0 * kMinSamples, 1.0 * kMaxSamples));
}

std::vector<double> PlaceSamples(const VideoLength& length, const SampleSettings& settings) {
  const int count = settings.count > 0 ? settings.count : DefaultSamples(length.seconds);
  const int64_t frames = SampleFrames(length, settings);
  if (frames > length.frames / (2 * int64_t{count})) return {};
  const double rate = static_cast<double>(length.frames) / length.seconds;
  const double seconds = static_cast<double>(frames) / rate;
  std::vector<double> starts;
  for (int i = 0; i < count; ++i) {
    starts.push_back((i + 0.5) * length.seconds / count - seconds / 2);
  }
  return starts;
}

bool GopRun::Add(bool cut) {
  const int64_t frame = frames_;
  const bool boundary = (cut && frame > 0) || frame - gop_begin_ == gop_frames_;
  if (boundary) {
    // A whole GOP without a cut: the run began with it.
    if (begin_ < 0) begin_ = cut ? frame : gop_begin_;
    gop_begin_ = frame;
    if (frame - begin_ >= wanted_) return false;
  }
  ++frames_;
  return true;
}

media::ReaderOptions SampleReader(const media::ReaderOptions& reader, const Sample& sample,
                                  const VideoLength& length) {
  media::ReaderOptions options = reader;
  options.start = reader.start + sample.start;
  options.other_streams = false;
  options.notice = nullptr;
  options.filter.notice = nullptr;
  if (sample.start > 0) {
    // Frames are counted from another one now; the end stays where it is.
    const bool limited = reader.duration > 0 || reader.frames > 0;
    options.duration = limited ? std::max(length.seconds - sample.start, 1e-3) : 0;
    options.frames = 0;
  }
  return options;
}

Status ReadSample(const std::string& path, const media::ReaderOptions& options,
                  const Sample& sample, const VideoLength& length, const Hooks& hooks,
                  const SampleSink& take) {
  FURL_ASSIGN_OR_RETURN(auto reader, OpenOriginal(path, SampleReader(options, sample, length)));
  const double tick = reader->info().video.time_base.value();
  int64_t skip = sample.skip;
  for (int64_t left = sample.frames; left > 0;) {
    FURL_RETURN_IF_ERROR(hooks.CheckCancelled("interrupted; nothing was written"));
    auto item = reader->Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) break;
    if (!item.ok()) return item.status();
    if (skip-- > 0) continue;
    --left;
    FURL_RETURN_IF_ERROR(take(item->frame, static_cast<double>(item->duration) * tick));
  }
  return OkStatus();
}

Result<VideoLength> MeasureLength(const std::string& path, const media::ReaderOptions& options,
                                  const media::VideoReader& reader) {
  const media::VideoInfo& video = reader.info().video;
  VideoLength length;
  if (video.frame_count > 0 && video.frame_rate.value() > 0) {
    length.frames = video.frame_count;
    const double mean = static_cast<double>(length.frames) / video.frame_rate.value();
    length.seconds = video.seconds > 0 ? video.seconds : mean;
    return length;
  }
  FURL_ASSIGN_OR_RETURN(auto again, OpenOriginal(path, SampleReader(options, {}, {})));
  const double tick = again->info().video.time_base.value();
  for (;;) {
    auto item = again->Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) break;
    if (!item.ok()) return item.status();
    ++length.frames;
    length.seconds += static_cast<double>(item->duration) * tick;
  }
  return length;
}

Result<std::vector<Sample>> FindSamples(const std::string& path,
                                        const media::ReaderOptions& options,
                                        const VideoLength& length, const SampleSettings& settings) {
  std::vector<Sample> samples;
  for (const double start : PlaceSamples(length, settings)) {
    Sample sample = {start, 0, 0};
    auto reader = OpenOriginal(path, SampleReader(options, sample, length));
    // No picture there: a gap in the video, or damage.
    if (!reader.ok() && reader.status().code() != StatusCode::kCancelled) continue;
    if (!reader.ok()) return reader.status();
    GopRun run(settings.gop_frames, SampleFrames(length, settings));
    FURL_RETURN_IF_ERROR(FillRun(reader->get(), &run));
    sample.skip = run.begin();
    sample.frames = run.size();
    if (sample.frames > 0) samples.push_back(sample);
  }
  if (samples.empty()) samples.push_back({0, 0, INT64_MAX});
  return samples;
}

}  // namespace furl::session
