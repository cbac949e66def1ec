#include "media/describe.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/pixdesc.h>
}

#include <fmt/format.h>

#include <algorithm>

namespace furl::media {
namespace {

std::string NameOr(const char* name, int value) {
  return name != nullptr ? name : std::to_string(value);
}

void AppendPart(const std::string& part, std::string* text) {
  if (part.empty()) return;
  if (!text->empty()) *text += ", ";
  *text += part;
}

std::string MasteringText(const MasteringDisplay& mastering) {
  std::string text;
  if (mastering.has_luminance) {
    text = fmt::format("mastered for {:.4g} to {:.6g} cd/m2", mastering.min_luminance,
                       mastering.max_luminance);
  }
  if (!mastering.has_primaries) return text;
  const auto& rgb = mastering.primaries;
  AppendPart(fmt::format("R {:.3f} {:.3f}, G {:.3f} {:.3f}, B {:.3f} {:.3f}, white {:.4f} {:.4f}",
                         rgb[0][0], rgb[0][1], rgb[1][0], rgb[1][1], rgb[2][0], rgb[2][1],
                         mastering.white_point[0], mastering.white_point[1]),
             &text);
  return text;
}

}  // namespace

std::string PrimariesName(int value) {
  return NameOr(av_color_primaries_name(static_cast<AVColorPrimaries>(value)), value);
}

std::string TransferName(int value) {
  return NameOr(av_color_transfer_name(static_cast<AVColorTransferCharacteristic>(value)), value);
}

std::string MatrixName(int value) {
  return NameOr(av_color_space_name(static_cast<AVColorSpace>(value)), value);
}

std::string ChannelsText(const StreamInfo& stream) {
  if (stream.kind != StreamKind::kAudio || stream.params->ch_layout.nb_channels <= 0) return {};
  char text[128] = {};
  if (av_channel_layout_describe(&stream.params->ch_layout, text, sizeof(text)) < 0) return {};
  return text;
}

int SampleRate(const StreamInfo& stream) { return std::max(stream.params->sample_rate, 0); }

std::string SoundText(const StreamInfo& stream) {
  if (stream.kind != StreamKind::kAudio) return {};
  const AVCodecParameters& params = *stream.params;
  std::string text;
  if (params.sample_rate > 0) text = fmt::format("{} Hz", params.sample_rate);
  AppendPart(ChannelsText(stream), &text);
  // Of codecs without a fixed depth this says nothing about the sound.
  const int bits = params.bits_per_raw_sample > 0 ? params.bits_per_raw_sample
                                                  : av_get_bits_per_sample(params.codec_id);
  if (bits > 0) AppendPart(fmt::format("{} bit", bits), &text);
  if (params.bit_rate > 0) AppendPart(fmt::format("{} kbit/s", params.bit_rate / 1000), &text);
  return text;
}

std::string HdrText(const VideoInfo& video) {
  std::string text;
  if (video.mastering) text = MasteringText(*video.mastering);
  if (video.light) {
    AppendPart(fmt::format("MaxCLL {}, MaxFALL {}", video.light->max_cll, video.light->max_fall),
               &text);
  }
  return text;
}

const char* FieldOrderText(FieldOrder order) {
  switch (order) {
    case FieldOrder::kTopFirst: return "interlaced, top field first";
    case FieldOrder::kBottomFirst: return "interlaced, bottom field first";
    default: return "progressive";
  }
}

}  // namespace furl::media
