#include "session/samples/sample_probe.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "session/shown_score.h"
#include "session/video_coder.h"

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
  const EncodeRequest& request = *in_.request;
  media::MediaInfo info;
  info.video = in_.video;
  FURL_ASSIGN_OR_RETURN(auto coder, VideoCoder::Create(request, crf, in_.family, &info));
  std::vector<media::MediaPacket> above_base;  // and of it
  if (!request.has_base()) coder->SetObserver(meter_->observer());
  const auto take = [&](const media::MediaPacket& packet) {
    bytes_ += static_cast<int64_t>(packet.data.size());
    if (request.has_base()) above_base.push_back(packet);
    return hooks_.CheckCancelled(kInterrupted);
  };
  const auto code = [&](const ConstFramePtr& frame, double seconds) {
    ++sampled_.frames;
    sampled_.seconds += seconds;
    FURL_RETURN_IF_ERROR(coder->Code(frame, take));
    if (hooks_.progress) hooks_.progress(crf, sampled_.frames, total_);
    return OkStatus();
  };
  FURL_RETURN_IF_ERROR(Read(sample, code));
  FURL_RETURN_IF_ERROR(coder->Code(nullptr, take));
  if (!request.has_base()) return meter_->EndStretch();
  FURL_ASSIGN_OR_RETURN(
      auto pictures,
      PacketPictures::Create(coder->sequence_header(), in_.family->family(), *info.base,
                             request.encoder.threads, std::move(above_base)));
  ShownScore score(meter_.get(), [&pictures] { return pictures.Next(); });
  FURL_RETURN_IF_ERROR(
      Read(sample, [&](const ConstFramePtr& frame, double) { return score.Add(*frame); }));
  return meter_->EndStretch();
}

Status SampleProbe::Read(const Sample& sample, const SampleSink& take) const {
  return ReadSample(in_.request->input, in_.request->reader, sample, in_.length, hooks_, take);
}

}  // namespace furl::session
