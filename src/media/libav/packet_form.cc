#include "media/libav/packet_form.h"

extern "C" {
#include <libavutil/intreadwrite.h>
}

#include <algorithm>
#include <string>
#include <string_view>

namespace furl::media {
namespace {

std::string TextSideData(const AVPacket& packet, AVPacketSideDataType type) {
  size_t size = 0;
  const uint8_t* data = av_packet_get_side_data(&packet, type, &size);
  return data == nullptr ? std::string() : std::string(data, data + size);
}

// There the settings and the name of a cue stand beside its text, one line each.
void ReadMatroskaCue(const AVPacket& packet, MediaPacket* out) {
  std::string text = TextSideData(packet, AV_PKT_DATA_MATROSKA_BLOCKADDITIONAL);
  if (text.size() <= 8) return;
  text.erase(0, 8);  // which addition it is
  const size_t first = text.find('\n');
  out->cue_settings = text.substr(0, first);
  if (first != std::string::npos) {
    out->cue_id = text.substr(first + 1, text.find('\n', first + 1) - first - 1);
  }
}

}  // namespace

// FFmpeg before 7 doesn't know WebVTT as Matroska itself has it (S_TEXT/WEBVTT, which mkvmerge
// writes), but hands the header on, which begins with the format's name.
Result<std::shared_ptr<const AVCodecParameters>> KnownParameters(const AVCodecParameters& params) {
  constexpr std::string_view kMagic = "WEBVTT";
  const std::string_view header(reinterpret_cast<const char*>(params.extradata),
                                static_cast<size_t>(std::max(params.extradata_size, 0)));
  const bool web_vtt = params.codec_type == AVMEDIA_TYPE_SUBTITLE &&
                       params.codec_id == AV_CODEC_ID_NONE && header.starts_with(kMagic);
  return CopyParameters(params, web_vtt ? AV_CODEC_ID_WEBVTT : params.codec_id);
}

MediaPacket PacketFromAv(const AVPacket& packet, bool web_vtt) {
  MediaPacket out;
  out.data.assign(packet.data, packet.data + packet.size);
  out.pts = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (out.pts == AV_NOPTS_VALUE) out.pts = kNoTimestamp;
  out.dts = packet.dts != AV_NOPTS_VALUE ? packet.dts : kNoTimestamp;
  out.duration = packet.duration;
  size_t size = 0;
  const uint8_t* skip = av_packet_get_side_data(&packet, AV_PKT_DATA_SKIP_SAMPLES, &size);
  if (skip != nullptr && size >= 8) out.discard_samples = AV_RL32(skip + 4);
  out.cue_id = TextSideData(packet, AV_PKT_DATA_WEBVTT_IDENTIFIER);
  out.cue_settings = TextSideData(packet, AV_PKT_DATA_WEBVTT_SETTINGS);
  if (web_vtt) ReadMatroskaCue(packet, &out);
  out.key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
  return out;
}

Result<AvPacketPtr> PacketToAv(const MediaPacket& packet) {
  AvPacketPtr out(av_packet_alloc());
  if (out == nullptr || av_new_packet(out.get(), static_cast<int>(packet.data.size())) < 0) {
    return Status(StatusCode::kOutOfMemory, "out of memory");
  }
  std::copy(packet.data.begin(), packet.data.end(), out->data);
  out->pts = packet.pts;
  out->dts = packet.dts != kNoTimestamp ? packet.dts : packet.pts;
  out->duration = packet.duration;
  if (packet.key) out->flags |= AV_PKT_FLAG_KEY;
  return out;
}

}  // namespace furl::media
