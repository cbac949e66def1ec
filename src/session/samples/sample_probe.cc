#include "session/samples/sample_probe.h"

#include <algorithm>
#include <chrono>

#include "codec/enc/code_frame.h"

namespace furl::session {
namespace {

constexpr char kInterrupted[] = "interrupted; nothing was written";

}  // namespace

SampleProbe::SampleProbe(ProbeInput input, std::unique_ptr<QualityMeter> meter, ProbeHooks hooks)
    : in_(std::move(input)), hooks_(std::move(hooks)), meter_(std::move(meter)) {
  for (const Sample& sample : in_.samples) {
    total_ += std::min(sample.frames, in_.length.frames);
  }
}

Result<QualityPoint> SampleProbe::Measure(int crf) {
  const auto start = std::chrono::steady_clock::now();
  meter_->Restart();
  sampled_ = {};
  bytes_ = 0;
  for (const Sample& sample : in_.samples) FURL_RETURN_IF_ERROR(CodeSample(sample, crf));
  if (sampled_.frames == 0) return InvalidStream("there are no frames to sample");
  QualityPoint point;
  point.crf = crf;
  point.score = meter_->score();
  point.bits_per_second = static_cast<double>(bytes_) * 8 / std::max(sampled_.seconds, 1e-9);
  point.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return point;
}

Status SampleProbe::CodeSample(const Sample& sample, int crf) {
  FURL_ASSIGN_OR_RETURN(auto encoder,
                        Encoder::Create(SettingsFor(*in_.request, in_.video, crf), in_.family));
  encoder->SetObserver(meter_->observer());
  const auto count = [this](const EncodedPacket& packet) {
    bytes_ += static_cast<int64_t>(packet.data.size());
    return hooks_.CheckCancelled(kInterrupted);
  };
  const auto code = [&](const ConstFramePtr& frame, double seconds) {
    ++sampled_.frames;
    sampled_.seconds += seconds;
    FURL_RETURN_IF_ERROR(CodeFrame(encoder.get(), frame, count));
    if (hooks_.progress) hooks_.progress(crf, sampled_.frames, total_);
    return OkStatus();
  };
  FURL_RETURN_IF_ERROR(
      ReadSample(in_.request->input, in_.request->reader, sample, in_.length, hooks_, code));
  FURL_RETURN_IF_ERROR(CodeFrame(encoder.get(), nullptr, count));
  return meter_->EndStretch();
}

}  // namespace furl::session
