#include "session/package/ladder_probe.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "codec/enc/code_frame.h"
#include "media/filter/frame_scaler.h"
#include "media/write/video_encoder.h"
#include "metrics/metric.h"

namespace furl::session {
namespace {

constexpr int kScenes = 3;
constexpr double kSceneSeconds = 1;
constexpr char kInterrupted[] = "interrupted; nothing was written";
// From the quality of the largest variant to one that is just worth watching.
constexpr double kCrfs[] = {34, 42, 50};
constexpr int kFallbackCrf = 25;  // x264's
constexpr int kFallbackLines = 720;

// Compares what was coded with the source, at the source's size.
class UpscaledMeter {
 public:
  UpscaledMeter(int width, int height) : scaler_(width, height) {}

  void Keep(const ConstFramePtr& original) { originals_[original->pts] = original; }

  // Once per frame that was kept.
  Status Add(const FrameReport& report) {
    const auto original = originals_.extract(report.original->pts);
    // Borrowed for the call.
    const ConstFramePtr coded(ConstFramePtr(), report.reconstruction);
    FURL_ASSIGN_OR_RETURN(const ConstFramePtr scaled, scaler_.Scale(coded));
    FURL_ASSIGN_OR_RETURN(const FrameMeasurement measured,
                          MeasureFrame(*FindMetric("psnr"), *original.mapped(), *scaled));
    sum_ += measured.scores.y;
    return OkStatus();
  }

  double sum() const { return sum_; }

 private:
  media::FrameScaler scaler_;
  std::map<int64_t, ConstFramePtr> originals_;  // that wait in the encoder, by time
  double sum_ = 0;
};

}  // namespace

Status LadderProbe::Open(const media::VideoReader& reader) {
  video_ = reader.info().video;
  FURL_ASSIGN_OR_RETURN(length_, MeasureLength(request_.input, request_.reader, reader));
  SampleSettings settings;
  settings.count = kScenes;
  settings.seconds = kSceneSeconds;
  const double rate = std::max(video_.usual_rate, video_.frame_rate.value());
  settings.gop_frames = std::max<int64_t>(1, std::llround(rate * kSceneSeconds));
  FURL_ASSIGN_OR_RETURN(samples_, FindSamples(request_.input, request_.reader, length_, settings));
  return OkStatus();
}

Status LadderProbe::ReadScene(const Sample& sample, const FrameSink& take) {
  const auto counted = [&](const ConstFramePtr& frame, double seconds) {
    ++frames_;
    seconds_ += seconds;
    return take(frame);
  };
  FURL_RETURN_IF_ERROR(
      ReadSample(request_.input, request_.reader, sample, length_, hooks_, counted));
  return take(nullptr);
}

Status LadderProbe::CodeScene(const Sample& sample, const EncoderSettings& settings,
                              LadderPoint* sums) {
  FURL_ASSIGN_OR_RETURN(auto encoder, Encoder::Create(settings, family_));
  media::FrameScaler scaler(settings.width, settings.height);
  UpscaledMeter meter(video_.width, video_.height);
  Status measured;
  encoder->SetObserver([&](const FrameReport& report) {
    if (measured.ok()) measured = meter.Add(report);
  });
  const auto count = [&](const EncodedPacket& packet) {
    sums->bits_per_second += static_cast<double>(packet.data.size()) * 8;
    return hooks_.CheckCancelled(kInterrupted);
  };
  FURL_RETURN_IF_ERROR(ReadScene(sample, [&](const ConstFramePtr& frame) -> Status {
    if (frame == nullptr) return CodeFrame(encoder.get(), nullptr, count);
    meter.Keep(frame);
    FURL_ASSIGN_OR_RETURN(const ConstFramePtr scaled, scaler.Scale(frame));
    return CodeFrame(encoder.get(), scaled, count);
  }));
  sums->psnr += meter.sum();
  return measured;
}

Result<LadderPoint> LadderProbe::Measure(const Rung& size, double crf) {
  EncodeRequest request;
  request.encoder = request_.encoder;
  request.encoder.preset = Preset::kFast;
  request.encoder.rate = {};
  EncoderSettings settings = SettingsFor(request, video_, crf);
  settings.width = size.width;
  settings.height = size.height;
  LadderPoint point = {size.width, size.height, 0, 0};
  seconds_ = 0;
  frames_ = 0;
  for (const Sample& sample : samples_) {
    FURL_RETURN_IF_ERROR(CodeScene(sample, settings, &point));
  }
  if (frames_ == 0 || seconds_ <= 0) return InvalidStream("there are no frames to sample");
  point.bits_per_second /= seconds_;
  point.psnr /= static_cast<double>(frames_);
  return point;
}

Result<std::vector<Rung>> LadderProbe::Ladder() {
  const std::vector<Rung> sizes = LadderSizes(video_);
  const auto total = static_cast<int>(sizes.size() * std::size(kCrfs));
  std::vector<LadderPoint> points;
  for (const Rung& size : sizes) {
    for (const double crf : kCrfs) {
      if (hooks_.progress) hooks_.progress(static_cast<int>(points.size()), total);
      FURL_ASSIGN_OR_RETURN(const LadderPoint point, Measure(size, crf));
      points.push_back(point);
    }
  }
  return ChooseLadder(points);
}

Result<Rung> LadderProbe::Fallback() {
  Rung rung = FallbackSize(video_);
  FURL_ASSIGN_OR_RETURN(const media::VideoCodec* codec, media::FindVideoCodec("h264"));
  media::VideoInfo video = video_;
  video.width = rung.width;
  video.height = rung.height;
  const int gop = static_cast<int>(std::lround(2 * std::max(video.frame_rate.value(), 1.0)));
  double bits = 0;
  seconds_ = 0;
  for (const Sample& sample : samples_) {
    FURL_ASSIGN_OR_RETURN(auto encoder, media::VideoEncoder::Create(*codec, video, kFallbackCrf,
                                                                    request_.encoder.threads, gop));
    media::FrameScaler scaler(rung.width, rung.height);
    const auto count = [&](const media::MediaPacket& packet) {
      bits += static_cast<double>(packet.data.size()) * 8;
      return OkStatus();
    };
    FURL_RETURN_IF_ERROR(ReadScene(sample, [&](const ConstFramePtr& frame) -> Status {
      if (frame == nullptr) return encoder->Encode(nullptr, 0, count);
      FURL_ASSIGN_OR_RETURN(const ConstFramePtr scaled, scaler.Scale(frame));
      return encoder->Encode(scaled.get(), scaled->duration, count);
    }));
  }
  if (seconds_ <= 0) return InvalidStream("there are no frames to sample");
  rung.bits_per_second = RoundedRate(std::max(bits / seconds_, 50e3));
  return rung;
}

Rung FallbackSize(const VideoFormat& video) {
  for (const Rung& size : LadderSizes(video)) {
    if (std::min(size.width, size.height) <= kFallbackLines) {
      // H.264 has no odd sizes.
      return {std::max(size.width / 2 * 2, 16), std::max(size.height / 2 * 2, 16), 0};
    }
  }
  const Rung smallest = LadderSizes(video).back();
  return {smallest.width / 2 * 2, smallest.height / 2 * 2, 0};
}

}  // namespace furl::session
