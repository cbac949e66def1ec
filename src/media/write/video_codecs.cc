#include "media/write/video_codecs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace furl::media {
namespace {

void Set(AVDictionary** options, const char* key, const std::string& value) {
  av_dict_set(options, key, value.c_str(), 0);
}

// What x264 and x265 call the same: G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min), in 1/50000 and 1/10000.
std::string MasteringText(const MasteringDisplay& m) {
  if (!m.has_primaries || !m.has_luminance) return {};
  const auto xy = [](const double* point) {
    return fmt::format("({},{})", std::lround(point[0] * 50000), std::lround(point[1] * 50000));
  };
  return fmt::format("G{}B{}R{}WP{}L({},{})", xy(m.primaries[1]), xy(m.primaries[2]),
                     xy(m.primaries[0]), xy(m.white_point), std::lround(m.max_luminance * 10000),
                     std::lround(m.min_luminance * 10000));
}

// ":key=mastering:key=light" as far as they are known, for the parameters of x264 and x265.
std::string HdrParameters(const VideoInfo& video, const char* mastering_key,
                          const char* light_key) {
  std::string text;
  const std::string mastering = video.mastering ? MasteringText(*video.mastering) : "";
  if (!mastering.empty()) text += fmt::format(":{}={}", mastering_key, mastering);
  if (video.light) {
    text += fmt::format(":{}={},{}", light_key, video.light->max_cll, video.light->max_fall);
  }
  return text;
}

void ConfigureX264(const VideoInfo& video, int crf, AVCodecContext* context,
                   AVDictionary** options) {
  // Lossless files are large anyway; what counts there is speed.
  Set(options, "preset", crf < 0 ? "veryfast" : "medium");
  Set(options, crf < 0 ? "qp" : "crf", std::to_string(std::max(crf, 0)));
  if (video.field_order != FieldOrder::kProgressive) {
    context->flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
  }
  const std::string hdr = HdrParameters(video, "mastering-display", "cll");
  if (!hdr.empty()) Set(options, "x264-params", hdr.substr(1));
}

void ConfigureX265(const VideoInfo& video, int crf, AVCodecContext*, AVDictionary** options) {
  Set(options, "preset", crf < 0 ? "veryfast" : "medium");
  if (crf >= 0) Set(options, "crf", std::to_string(crf));
  std::string params = crf < 0 ? "log-level=none:info=0:lossless=1" : "log-level=none:info=0";
  const std::string hdr = HdrParameters(video, "master-display", "max-cll");
  // Televisions want the parameter sets and HDR's messages at every key frame.
  if (!hdr.empty()) params += ":hdr10=1:repeat-headers=1" + hdr;
  Set(options, "x265-params", params);
}

void ConfigureSvtAv1(const VideoInfo&, int crf, AVCodecContext*, AVDictionary** options) {
  Set(options, "preset", "6");
  if (crf >= 0) Set(options, "crf", std::to_string(crf));
}

void ConfigureFfv1(const VideoInfo&, int, AVCodecContext* context, AVDictionary** options) {
  context->level = 3;  // with slices, which decode in parallel and have checksums
  context->gop_size = 1;
  Set(options, "slicecrc", "1");
}

void ConfigureProRes(const VideoInfo&, int, AVCodecContext*, AVDictionary** options) {
  Set(options, "profile", "hq");
  Set(options, "vendor", "apl0");
}

void ConfigureJpeg(const VideoInfo&, int, AVCodecContext* context, AVDictionary**) {
  context->flags |= AV_CODEC_FLAG_QSCALE;
  context->global_quality = 2 * FF_QP2LAMBDA;  // the best that viewers are content with
}

void ConfigureNothing(const VideoInfo&, int, AVCodecContext*, AVDictionary**) {}

constexpr VideoCodec kCodecs[] = {
    {"h264", "libx264", "H.264", true, true, true, AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P10,
     ConfigureX264},
    {"hevc", "libx265", "H.265", true, true, true, AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P10,
     ConfigureX265},
    {"av1", "libsvtav1", "AV1", true, false, true, AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P10,
     ConfigureSvtAv1},
    {"ffv1", "ffv1", "FFV1", false, true, false, AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P10,
     ConfigureFfv1},
    {"prores", "prores_ks", "ProRes 422 HQ", false, false, true, AV_PIX_FMT_YUV422P10,
     AV_PIX_FMT_YUV422P10, ConfigureProRes},
    {"png", "png", "PNG", false, false, false, AV_PIX_FMT_RGB24, AV_PIX_FMT_RGB48BE,
     ConfigureNothing},
    {"jpeg", "mjpeg", "JPEG", false, false, false, AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ420P,
     ConfigureJpeg},
    {"raw", "rawvideo", "4:2:0, uncompressed", false, true, false, AV_PIX_FMT_YUV420P,
     AV_PIX_FMT_YUV420P10, ConfigureNothing},
};

}  // namespace

std::span<const VideoCodec> VideoCodecs() { return kCodecs; }

Result<const VideoCodec*> FindVideoCodec(const std::string& name) {
  std::string known;
  for (const VideoCodec& codec : kCodecs) {
    if (name == codec.name) return &codec;
    known += std::string(known.empty() ? "" : ", ") + codec.name;
  }
  return InvalidArgument("there is no codec " + name + "; there are " + known);
}

}  // namespace furl::media
