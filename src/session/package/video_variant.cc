#include "session/package/video_variant.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "codec/enc/code_frame.h"
#include "media/filter/frame_scaler.h"
#include "media/libav/libav_util.h"
#include "media/write/video_encoder.h"
#include "session/settings_tag.h"

namespace furl::session {
namespace {

// What a player's buffer holds of the largest rate.
constexpr double kBufferSeconds = 1;
// Rounded sizes change the shape by less than this.
constexpr double kSameShape = 0.02;

RateSettings RateOf(const Rung& rung) {
  RateSettings rate;
  rate.bits_per_second = rung.bits_per_second;
  rate.most_per_second = std::llround(static_cast<double>(rung.bits_per_second) * kPeakRate);
  rate.buffer_bits = std::llround(static_cast<double>(rate.most_per_second) * kBufferSeconds);
  return rate;
}

// Key frames two seconds apart at most, a whole number of them per segment.
double GopSecondsOf(double segment_seconds) {
  constexpr double kLongest = 2;
  return segment_seconds / std::max(1.0, std::ceil(segment_seconds / kLongest - 1e-6));
}

class FurlVariant : public VideoVariant {
 public:
  explicit FurlVariant(VariantInput input, FamilyEncoderPtr family)
      : in_(std::move(input)), family_(std::move(family)), wanted_({in_.encoder.preset, 1}) {}

  Status Start() {
    effort_ = wanted_;
    const Rung size = SizeOf(effort_);
    media::VideoInfo video = ResizedVideo(in_.video, size);
    EncodeRequest request;
    request.gop_seconds = GopSecondsOf(in_.grid.seconds);
    request.encoder = in_.encoder;
    request.encoder.preset = effort_.preset;
    EncoderSettings settings = SettingsFor(request, video, 0);
    settings.rate = RateOf(in_.rung);
    FURL_ASSIGN_OR_RETURN(encoder_, Encoder::Create(settings, family_));
    SetSettingsTag(SettingsText(settings, family_->family()->model()), &video);
    scaler_ = std::make_unique<media::FrameScaler>(size.width, size.height);
    FURL_ASSIGN_OR_RETURN(track_, hls::MakeFurlTrack(video, encoder_->sequence_header(), in_.grid,
                                                     in_.store->Taker()));
    return in_.store->PutInit(track_->init());
  }

  std::string codec_name() const override { return hls::kFurlCodecName; }

  Status Code(const ConstFramePtr& frame, bool begins) override {
    if (frame == nullptr) return End();
    if (begins && effort_ != wanted_) {
      FURL_RETURN_IF_ERROR(End());
      FURL_RETURN_IF_ERROR(Start());
    }
    FURL_ASSIGN_OR_RETURN(const ConstFramePtr scaled, scaler_->Scale(frame));
    return CodeFrame(encoder_.get(), scaled, {nullptr, begins}, Sink());
  }

  void SetEffort(const Effort& effort) override { wanted_ = effort; }

 private:
  // Sides are even.
  Rung SizeOf(const Effort& effort) const {
    if (effort.size == 1) return in_.rung;
    const auto side = [&](int full) {
      return std::max(16, 2 * static_cast<int>(std::lround(full * effort.size / 2)));
    };
    return {side(in_.rung.width), side(in_.rung.height), in_.rung.bits_per_second};
  }

  Status End() {
    FURL_RETURN_IF_ERROR(CodeFrame(encoder_.get(), nullptr, Sink()));
    return track_->Finish();
  }

  PacketSink Sink() {
    return [this](EncodedPacket packet) {
      media::MediaPacket out;
      out.data = std::move(packet.data);
      out.pts = packet.pts;
      out.duration = packet.duration;
      out.key = packet.key;
      return track_->Write(out);
    };
  }

  const VariantInput in_;
  const FamilyEncoderPtr family_;
  Effort wanted_;
  Effort effort_;  // of the encoder
  std::unique_ptr<media::FrameScaler> scaler_;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<hls::Track> track_;
};

class AvcVariant : public VideoVariant {
 public:
  explicit AvcVariant(VariantInput input)
      : in_(std::move(input)), scaler_(in_.rung.width, in_.rung.height) {}

  Status Start() {
    media::VideoInfo video = ResizedVideo(in_.video, in_.rung);
    const RateSettings rate = RateOf(in_.rung);
    media::StreamRate stream;
    stream.bits_per_second = rate.bits_per_second;
    stream.most_per_second = rate.most_per_second;
    stream.buffer_bits = rate.buffer_bits;
    stream.low_delay = in_.encoder.low_delay;
    FURL_ASSIGN_OR_RETURN(encoder_,
                          media::VideoEncoder::CreateForStream(video, stream, in_.encoder.threads));
    const AVCodecContext& context = encoder_->context();
    const std::span<const uint8_t> sets(context.extradata,
                                        static_cast<size_t>(std::max(context.extradata_size, 0)));
    FURL_ASSIGN_OR_RETURN(codec_name_, hls::AvcCodecName(sets));
    FURL_ASSIGN_OR_RETURN(const auto params, encoder_->Parameters());
    FURL_ASSIGN_OR_RETURN(
        track_, hls::MakeMp4Track(*params, video.time_base, in_.grid, in_.store->Taker()));
    return in_.store->PutInit(track_->init());
  }

  std::string codec_name() const override { return codec_name_; }

  Status Code(const ConstFramePtr& frame, bool begins) override {
    const auto take = [this](const media::MediaPacket& packet) { return track_->Write(packet); };
    if (frame == nullptr) {
      FURL_RETURN_IF_ERROR(encoder_->Encode(nullptr, 0, take));
      return track_->Finish();
    }
    FURL_ASSIGN_OR_RETURN(const ConstFramePtr scaled, scaler_.Scale(frame));
    return encoder_->Encode(scaled.get(), scaled->duration, take, begins);
  }

 private:
  const VariantInput in_;
  media::FrameScaler scaler_;
  std::string codec_name_;
  std::unique_ptr<media::VideoEncoder> encoder_;
  std::unique_ptr<hls::Track> track_;
};

}  // namespace

media::VideoInfo ResizedVideo(const media::VideoInfo& video, const Rung& rung) {
  media::VideoInfo out = video;
  out.width = rung.width;
  out.height = rung.height;
  // Widths against heights, of the source and of the rung.
  const double change = static_cast<double>(video.width) * rung.height / video.height / rung.width;
  if (std::abs(change - 1) > kSameShape) {
    constexpr int kMost = 1 << 15;
    out.sample_aspect = media::AspectAtSize(video.sample_aspect, video.width, video.height,
                                            rung.width, rung.height, kMost);
  }
  return out;
}

Result<std::unique_ptr<VideoVariant>> MakeFurlVariant(VariantInput input, FamilyEncoderPtr family) {
  auto variant = std::make_unique<FurlVariant>(std::move(input), std::move(family));
  FURL_RETURN_IF_ERROR(variant->Start());
  return std::unique_ptr<VideoVariant>(std::move(variant));
}

Result<std::unique_ptr<VideoVariant>> MakeAvcVariant(VariantInput input) {
  auto variant = std::make_unique<AvcVariant>(std::move(input));
  FURL_RETURN_IF_ERROR(variant->Start());
  return std::unique_ptr<VideoVariant>(std::move(variant));
}

}  // namespace furl::session
