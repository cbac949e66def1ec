#include "media/read/video_packets.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "media/base/base_form.h"
#include "media/libav/frame_convert.h"
#include "media/libav/packet_form.h"
#include "media/matroska/matroska_codecs.h"
#include "media/sei/user_data_sei.h"

namespace furl::media {

Status VideoPackets::Open(const std::string& name, const LibavDemuxer& demuxer) {
  name_ = name;
  const AVCodecParameters& params = *demuxer.video_stream()->codecpar;
  BaseInfo base;
  base.codec = CodecName(params);
  FURL_ASSIGN_OR_RETURN(base.params, KnownParameters(params));
  FURL_RETURN_IF_ERROR(MatroskaBaseCodec(base).status().WithContext(name));
  const auto format = static_cast<AVPixelFormat>(params.format);
  if (!IsNativeFormat(format)) {
    const char* text = av_get_pix_fmt_name(format);
    return Unsupported(
        fmt::format("{}: its pictures are {}; those of a base are 4:2:0 of 8 or 10 "
                    "bit",
                    name, text != nullptr ? text : "of an unknown format"));
  }
  start_codes_ = HasStartCodes(params);
  if (start_codes_) {
    FURL_ASSIGN_OR_RETURN(base.params, MatroskaParameters(params));
  }
  form_ = NalForm::Of(*base.params);
  base_ = std::move(base);
  return OkStatus();
}

Status VideoPackets::Take(const LibavDemuxer& demuxer, const AVPacket& packet) {
  if (packet.pts == AV_NOPTS_VALUE) {
    return Unsupported(name_ + ": its packets have no times; put it into a container that has");
  }
  const double time = static_cast<double>(packet.pts) * av_q2d(demuxer.video_stream()->time_base);
  if ((packet.flags & AV_PKT_FLAG_DISCARD) != 0) {
    return Unsupported(
        fmt::format("{}: an edit list hides its picture at {:.3f} s; a base shows "
                    "all it has",
                    name_, time));
  }
  size_t size = 0;
  if (av_packet_get_side_data(&packet, AV_PKT_DATA_NEW_EXTRADATA, &size) != nullptr) {
    return Unsupported(
        fmt::format("{}: its parameters change at {:.3f} s; a base has one set", name_, time));
  }
  MediaPacket out = demuxer.Convert(packet);
  out.stream = kBaseStream;
  if (start_codes_ || base_->params->codec_id == AV_CODEC_ID_AV1) {
    out.data = MatroskaForm(base_->params->codec_id, std::move(out.data), nullptr);
  }
  if (form_) {
    UserDataSplit split = SplitUserData(*form_, out.data);
    if (!split.messages.empty()) out.data = std::move(split.rest);
  }
  waiting_.push_back(std::move(out));
  return OkStatus();
}

void VideoPackets::Release(const PacketGate::Times& times, std::deque<MediaItem>* out) {
  const auto since = [&times](int64_t ticks) {
    return Rescale(ticks - times.origin, times.source, times.video);
  };
  for (; !waiting_.empty(); waiting_.pop_front()) {
    auto packet = std::make_unique<MediaPacket>(std::move(waiting_.front()));
    packet->pts = since(packet->pts);
    if (packet->dts != kNoTimestamp) packet->dts = since(packet->dts);
    packet->duration = Rescale(packet->duration, times.source, times.video);
    out->push_back({nullptr, 0, std::move(packet)});
  }
}

}  // namespace furl::media
