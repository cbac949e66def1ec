#include "session/package/sound_variant.h"

#include <cmath>
#include <cstdlib>
#include <utility>
#include <vector>

#include "media/libav/packet_form.h"

namespace furl::session {
namespace {

constexpr int kAacFrame = 1024;
constexpr int64_t kBitsPerChannel = 64000;
// Containers round times; what is nearer than this follows the packet before.
constexpr double kJitterSeconds = 0.005;

bool IsPlainAac(const AVCodecParameters& params) {
  return params.codec_id == AV_CODEC_ID_AAC && params.extradata_size > 0 &&
         params.profile == FF_PROFILE_AAC_LOW && params.sample_rate > 0;
}

}  // namespace

Result<std::unique_ptr<SoundVariant>> SoundVariant::Create(const media::StreamInfo& stream,
                                                           int64_t bits_per_second,
                                                           const hls::SegmentGrid& grid,
                                                           hls::TakeSegment take) {
  std::unique_ptr<SoundVariant> sound(new SoundVariant);
  sound->in_ = stream;
  sound->out_ = stream;
  sound->origin_ = "copied";
  if (bits_per_second > 0 || !IsPlainAac(*stream.params)) {
    const int64_t usual = kBitsPerChannel * stream.params->ch_layout.nb_channels;
    FURL_ASSIGN_OR_RETURN(
        sound->encoder_,
        media::SoundEncoder::Create(stream, "aac", bits_per_second > 0 ? bits_per_second : usual));
    sound->out_ = sound->encoder_->info();
    sound->origin_ = "from " + stream.codec;
  }
  const AVCodecParameters& params = *sound->out_.params;
  sound->samples_ = {1, params.sample_rate};
  sound->frame_size_ = params.frame_size > 0 ? params.frame_size : kAacFrame;
  FURL_ASSIGN_OR_RETURN(sound->track_,
                        hls::MakeMp4Track(params, sound->samples_, grid, std::move(take)));
  return sound;
}

Status SoundVariant::Write(const media::MediaPacket& packet, double shift) {
  shift_ = shift;
  std::vector<media::MediaPacket> out;
  if (encoder_ == nullptr) {
    out.push_back(packet);
  } else {
    FURL_ASSIGN_OR_RETURN(const media::AvPacketPtr in, media::PacketToAv(packet));
    FURL_RETURN_IF_ERROR(encoder_->Encode(in.get(), &out));
  }
  return Put(std::move(out));
}

Status SoundVariant::Finish() {
  std::vector<media::MediaPacket> out;
  if (encoder_ != nullptr) FURL_RETURN_IF_ERROR(encoder_->Encode(nullptr, &out));
  FURL_RETURN_IF_ERROR(Put(std::move(out)));
  return track_->Finish();
}

Status SoundVariant::Put(std::vector<media::MediaPacket> packets) {
  const double rate = static_cast<double>(samples_.den);
  for (media::MediaPacket& packet : packets) {
    if (packet.pts == media::kNoTimestamp) continue;
    const double time = static_cast<double>(packet.pts) * out_.time_base.value() + shift_;
    auto pts = static_cast<int64_t>(std::llround(time * rate));
    const auto jitter = static_cast<int64_t>(kJitterSeconds * rate);
    if (next_ != INT64_MIN && pts < next_ + jitter && pts > next_ - jitter) pts = next_;
    if (next_ != INT64_MIN && pts < next_) continue;  // again what was there
    next_ = pts + frame_size_;
    if (pts < 0) continue;
    packet.pts = pts;
    packet.dts = pts;
    packet.duration = frame_size_;
    packet.key = true;
    FURL_RETURN_IF_ERROR(track_->Write(packet));
  }
  return OkStatus();
}

}  // namespace furl::session
