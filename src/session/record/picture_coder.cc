#include "session/record/picture_coder.h"

#include <algorithm>
#include <utility>

#include "codec/enc/code_frame.h"
#include "session/record/wall_times.h"

namespace furl::session {
namespace {

// Where something happens: people jump there.
constexpr int64_t kBusyGop = 2 * kWallTicks;

PacketSink SinkOf(const PictureCoder::TakeFn& take) {
  return [&take](EncodedPacket packet) {
    media::MediaPacket out;
    out.data = std::move(packet.data);
    out.pts = packet.pts;
    out.duration = packet.duration;
    out.key = packet.key;
    return take(std::move(out));
  };
}

}  // namespace

PictureCoder::PictureCoder(const CameraSettings& camera)
    : quiet_offset_(camera.quiet_crf - camera.crf),
      quiet_gop_(WallTicksOf(camera.quiet_seconds)),
      quiet_step_(camera.quiet_fps > 0 ? WallTicksOf(1 / camera.quiet_fps) : 0) {}

Result<std::unique_ptr<PictureCoder>> PictureCoder::Create(const CameraSettings& camera,
                                                           const EncoderSettings& encoder,
                                                           const media::VideoInfo& video,
                                                           FamilyEncoderPtr family) {
  std::unique_ptr<PictureCoder> coder(new PictureCoder(camera));
  coder->settings_ = encoder;
  coder->settings_.format() = video.format();
  coder->settings_.time_base = kWallTick;
  coder->settings_.crf = camera.crf;
  // GOPs begin where Code says so, before that.
  coder->settings_.gop_seconds = std::max(camera.quiet_seconds, 2.0);
  FURL_ASSIGN_OR_RETURN(coder->encoder_, Encoder::Create(coder->settings_, std::move(family)));
  return coder;
}

// Pictures come with some jitter: a tenth of a step early is in time.
bool PictureCoder::IsDue(int64_t pts, bool quiet) const {
  return !quiet || !last_key_ || pts - last_ >= quiet_step_ - quiet_step_ / 10;
}

Result<bool> PictureCoder::Code(const ConstFramePtr& frame, const PictureUse& use,
                                const TakeFn& take) {
  if (!use.begins && !IsDue(frame->pts, use.quiet)) return false;
  const int64_t longest = use.quiet ? quiet_gop_ : kBusyGop;
  Encoder::BaseInput input;
  input.begins_gop = use.begins || !last_key_ || frame->pts - *last_key_ >= longest;
  input.crf_offset = use.quiet ? quiet_offset_ : 0;
  if (input.begins_gop) last_key_ = frame->pts;
  last_ = frame->pts;
  FURL_RETURN_IF_ERROR(CodeFrame(encoder_.get(), frame, input, SinkOf(take)));
  return true;
}

Status PictureCoder::Finish(const TakeFn& take) {
  return CodeFrame(encoder_.get(), nullptr, SinkOf(take));
}

}  // namespace furl::session
