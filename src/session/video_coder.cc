#include "session/video_coder.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "codec/enc/code_frame.h"
#include "session/command_tag.h"
#include "session/encode_run.h"
#include "session/encoded_base.h"
#include "session/file_base.h"
#include "session/settings_tag.h"

namespace furl::session {
namespace {

Result<std::unique_ptr<BaseSource>> MakeBase(const EncodeRequest& request, double crf,
                                             const media::VideoInfo& video) {
  if (!request.base_file.empty()) {
    return FileBase::Open(request.base_file, request.reader, video);
  }
  media::BaseOptions options = *request.base;
  if (options.crf < 0) options.crf = BaseCrf(options.encoder, crf, request.encoder.base_use);
  options.threads = request.encoder.threads;
  const double gop = SettingsFor(request, video, crf).gop_seconds * video.frame_rate.value();
  options.gop_frames = static_cast<int>(std::clamp(std::round(gop), 1.0, 10000.0));
  return EncodedBase::Create(options, video);
}

}  // namespace

Result<std::unique_ptr<VideoCoder>> VideoCoder::Create(const EncodeRequest& request, double crf,
                                                       FamilyEncoderPtr family,
                                                       media::MediaInfo* info) {
  std::unique_ptr<VideoCoder> coder(new VideoCoder);
  if (request.has_base()) FURL_RETURN_IF_ERROR(coder->OpenBase(request, crf, info));
  EncoderSettings settings = SettingsFor(request, info->video, crf);
  std::string made = SettingsText(settings, family->family()->model());
  if (coder->base_ != nullptr) {
    settings.base = coder->base_->base().format();
    made += ", base " + coder->base_->base().description();
  }
  FURL_ASSIGN_OR_RETURN(coder->encoder_, Encoder::Create(settings, std::move(family)));
  SetSettingsTag(made, &info->video);
  if (request.words) SetCommandTag(WordsAt(request, crf), &info->video);
  return coder;
}

Status VideoCoder::OpenBase(const EncodeRequest& request, double crf, media::MediaInfo* info) {
  FURL_ASSIGN_OR_RETURN(auto source, MakeBase(request, crf, info->video));
  const Rational ticks = info->video.time_base;
  source->Describe(info);
  base_ =
      std::make_unique<BaseFeed>(std::move(source), request.input, ticks, info->video.time_base);
  return OkStatus();
}

Status VideoCoder::Code(const ConstFramePtr& frame, const TakeFn& take) {
  const auto take_video = [&](EncodedPacket packet) { return TakeVideo(std::move(packet), take); };
  if (base_ == nullptr) return CodeFrame(encoder_.get(), frame, take_video);
  BaseFeed::Sinks sinks;
  sinks.packet = [&](media::MediaPacket packet) {
    if (packet.stream >= 0) return take(packet);  // sound and subtitles of its file
    base_packets_.push_back(std::move(packet));
    return OkStatus();
  };
  sinks.frame = [&](const ConstFramePtr& original, const Encoder::BaseInput& base) {
    return CodeFrame(encoder_.get(), original, base, take_video);
  };
  FURL_RETURN_IF_ERROR(base_->Push(frame, sinks));
  if (frame != nullptr) return OkStatus();
  FURL_RETURN_IF_ERROR(CodeFrame(encoder_.get(), nullptr, take_video));
  while (!base_packets_.empty()) FURL_RETURN_IF_ERROR(GiveBases(base_packets_.back().pts, take));
  return OkStatus();
}

Status VideoCoder::TakeVideo(EncodedPacket packet, const TakeFn& take) {
  FURL_RETURN_IF_ERROR(GiveBases(packet.pts, take));
  media::MediaPacket out;
  out.data = std::move(packet.data);
  out.pts = packet.pts;
  out.duration = packet.duration;
  out.key = packet.key;
  return take(out);
}

// So that readers of the file have what furl adds when they show a picture of the base.
Status VideoCoder::GiveBases(int64_t pts, const TakeFn& take) {
  const auto is_it = [pts](const media::MediaPacket& packet) { return packet.pts == pts; };
  auto left =
      std::find_if(base_packets_.begin(), base_packets_.end(), is_it) - base_packets_.begin();
  if (left == std::ssize(base_packets_)) return OkStatus();  // it was given
  for (; left >= 0; --left) {
    const media::MediaPacket packet = std::move(base_packets_.front());
    base_packets_.pop_front();
    FURL_RETURN_IF_ERROR(take(packet));
  }
  return OkStatus();
}

}  // namespace furl::session
