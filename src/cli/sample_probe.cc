#include "cli/sample_probe.h"

#include <algorithm>
#include <chrono>

#include "cli/encode_run.h"
#include "cli/interrupt.h"

namespace furl::cli {

QualityMeter::QualityMeter(const Metric& metric, const media::VideoInfo& video, int threads)
    : metric_(metric),
      video_(video),
      pool_(threads),
      scores_(metric, video.width, video.height, video.bit_depth) {}

std::function<void(const FrameReport&)> QualityMeter::observer() {
  return [this](const FrameReport& report) {
    if (!status_.ok()) return;
    auto measured = MeasureFrame(metric_, *report.original, *report.reconstruction, &pool_);
    if (measured.ok()) scores_.Add(*measured);
    status_ = measured.status();
  };
}

void QualityMeter::Restart() {
  scores_ = SequenceScore(metric_, video_.width, video_.height, video_.bit_depth);
  status_ = OkStatus();
}

double QualityMeter::score() const { return scores_.frames() > 0 ? scores_.mean().yuv : 0; }

SampleProbe::SampleProbe(ProbeInput input, Console& console)
    : in_(std::move(input)),
      console_(console),
      meter_(*in_.metric, in_.video, in_.options->threads) {
  for (const Sample& sample : in_.samples) {
    total_ += std::min(sample.frames, in_.length.frames);
  }
}

Result<QualityPoint> SampleProbe::Measure(int crf) {
  const auto start = std::chrono::steady_clock::now();
  meter_.Restart();
  console_.RestartProgress();
  sampled_ = {};
  bytes_ = 0;
  for (const Sample& sample : in_.samples) FURL_RETURN_IF_ERROR(CodeSample(sample, crf));
  FURL_RETURN_IF_ERROR(meter_.status());
  console_.EndProgress();
  if (sampled_.frames == 0) return InvalidStream("there are no frames to sample");
  QualityPoint point;
  point.crf = crf;
  point.score = meter_.score();
  point.bits_per_second = static_cast<double>(bytes_) * 8 / std::max(sampled_.seconds, 1e-9);
  point.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return point;
}

Status SampleProbe::CodeSample(const Sample& sample, int crf) {
  FURL_ASSIGN_OR_RETURN(
      auto reader,
      media::OpenVideo(in_.options->input, SampleReader(in_.reader, sample, in_.length)));
  FURL_ASSIGN_OR_RETURN(auto encoder,
                        Encoder::Create(SettingsOf(*in_.options, in_.video, crf), in_.family));
  encoder->SetObserver(meter_.observer());
  const auto take = [this](const EncodedPacket& packet) {
    bytes_ += static_cast<int64_t>(packet.data.size());
    return OkStatus();
  };
  const double tick = reader->info().video.time_base.value();
  int64_t skip = sample.skip;
  for (int64_t left = sample.frames; left > 0;) {
    if (Interrupted()) return Status(StatusCode::kCancelled, "interrupted; nothing was written");
    auto item = reader->Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) break;
    if (!item.ok()) return item.status();
    if (skip-- > 0) continue;
    --left;
    ++sampled_.frames;
    sampled_.seconds += static_cast<double>(item->duration) * tick;
    FURL_RETURN_IF_ERROR(CodeFrame(encoder.get(), item->frame, take));
    ShowProgress(crf);
  }
  return CodeFrame(encoder.get(), nullptr, take);
}

void SampleProbe::ShowProgress(int crf) {
  Progress progress;
  progress.frames = sampled_.frames;
  progress.total = total_;
  progress.crf = crf;
  console_.Show(progress);
}

}  // namespace furl::cli
