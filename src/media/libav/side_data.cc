#include "media/libav/side_data.h"

extern "C" {
#include <libavutil/display.h>
#include <libavutil/mastering_display_metadata.h>
}

#include <cmath>
#include <cstring>
#include <vector>

namespace furl::media {
namespace {

// Chromaticities are coded in 1/50000, luminances in 1/10000 by H.265 and mp4.
constexpr int kChromaticityUnit = 50000;
constexpr int kLuminanceUnit = 10000;

const uint8_t* StreamSideData(const AVStream& stream, AVPacketSideDataType type) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData* data = av_packet_side_data_get(stream.codecpar->coded_side_data,
                                                         stream.codecpar->nb_coded_side_data, type);
  return data != nullptr ? data->data : nullptr;
#else
  return av_stream_get_side_data(&stream, type, nullptr);
#endif
}

uint8_t* NewStreamSideData(AVStream* stream, AVPacketSideDataType type, size_t size) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  AVPacketSideData* data = av_packet_side_data_new(
      &stream->codecpar->coded_side_data, &stream->codecpar->nb_coded_side_data, type, size, 0);
  return data != nullptr ? data->data : nullptr;
#else
  return av_stream_new_side_data(stream, type, size);
#endif
}

MasteringDisplay MasteringFromAv(const AVMasteringDisplayMetadata& av) {
  MasteringDisplay m;
  m.has_primaries = av.has_primaries != 0;
  m.has_luminance = av.has_luminance != 0;
  for (int c = 0; m.has_primaries && c < 3; ++c) {
    for (int xy = 0; xy < 2; ++xy) m.primaries[c][xy] = av_q2d(av.display_primaries[c][xy]);
  }
  for (int xy = 0; m.has_primaries && xy < 2; ++xy) m.white_point[xy] = av_q2d(av.white_point[xy]);
  if (m.has_luminance) {
    m.min_luminance = av_q2d(av.min_luminance);
    m.max_luminance = av_q2d(av.max_luminance);
  }
  return m;
}

AVRational Fixed(double value, int unit) {
  return {static_cast<int>(std::lround(value * unit)), unit};
}

Status WriteMastering(const MasteringDisplay& m, AVStream* stream) {
  size_t size = 0;
  AVMasteringDisplayMetadata* av = av_mastering_display_metadata_alloc();
  if (av == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  size = sizeof(*av);
  av->has_primaries = m.has_primaries;
  av->has_luminance = m.has_luminance;
  for (int xy = 0; xy < 2; ++xy) {
    for (int c = 0; c < 3; ++c) {
      av->display_primaries[c][xy] = Fixed(m.primaries[c][xy], kChromaticityUnit);
    }
    av->white_point[xy] = Fixed(m.white_point[xy], kChromaticityUnit);
  }
  av->min_luminance = Fixed(m.min_luminance, kLuminanceUnit);
  av->max_luminance = Fixed(m.max_luminance, kLuminanceUnit);
  uint8_t* data = NewStreamSideData(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, size);
  if (data != nullptr) std::memcpy(data, av, size);
  av_free(av);
  return data != nullptr ? OkStatus() : Status(StatusCode::kOutOfMemory, "out of memory");
}

}  // namespace

void ReadStreamSideData(const AVStream& stream, VideoInfo* video) {
  if (const uint8_t* data = StreamSideData(stream, AV_PKT_DATA_DISPLAYMATRIX)) {
    video->rotation = RotationFromMatrix(reinterpret_cast<const int32_t*>(data));
  }
  if (const uint8_t* data = StreamSideData(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA)) {
    video->mastering = MasteringFromAv(*reinterpret_cast<const AVMasteringDisplayMetadata*>(data));
  }
  if (const uint8_t* data = StreamSideData(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL)) {
    const auto* light = reinterpret_cast<const AVContentLightMetadata*>(data);
    video->light = {static_cast<int>(light->MaxCLL), static_cast<int>(light->MaxFALL)};
  }
}

void ReadFrameSideData(const AVFrame& frame, VideoInfo* video) {
  const AVFrameSideData* data =
      av_frame_get_side_data(&frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
  if (data != nullptr && !video->mastering) {
    video->mastering =
        MasteringFromAv(*reinterpret_cast<const AVMasteringDisplayMetadata*>(data->data));
  }
  data = av_frame_get_side_data(&frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
  if (data != nullptr && !video->light) {
    const auto* light = reinterpret_cast<const AVContentLightMetadata*>(data->data);
    video->light = {static_cast<int>(light->MaxCLL), static_cast<int>(light->MaxFALL)};
  }
  data = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
  if (data != nullptr && video->rotation == 0) {
    video->rotation = RotationFromMatrix(reinterpret_cast<const int32_t*>(data->data));
  }
}

std::vector<const char*> LostSideData(const AVFrame& frame) {
  struct Kind {
    AVFrameSideDataType type;
    const char* name;
  };
  static constexpr Kind kKinds[] = {{AV_FRAME_DATA_A53_CC, "closed captions"},
                                    {AV_FRAME_DATA_DYNAMIC_HDR_PLUS, "HDR10+ metadata"},
                                    {AV_FRAME_DATA_DOVI_RPU_BUFFER, "Dolby Vision metadata"},
                                    {AV_FRAME_DATA_STEREO3D, "the stereo layout"},
                                    {AV_FRAME_DATA_SPHERICAL, "the spherical projection"}};
  std::vector<const char*> names;
  for (const Kind& kind : kKinds) {
    if (av_frame_get_side_data(&frame, kind.type) != nullptr) names.push_back(kind.name);
  }
  return names;
}

Status WriteStreamSideData(const VideoInfo& video, AVStream* stream) {
  if (video.rotation != 0) {
    uint8_t* data = NewStreamSideData(stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(int32_t));
    if (data == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
    av_display_rotation_set(reinterpret_cast<int32_t*>(data), video.rotation);
  }
  if (video.mastering) FURL_RETURN_IF_ERROR(WriteMastering(*video.mastering, stream));
  if (video.light) {
    uint8_t* data =
        NewStreamSideData(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, sizeof(AVContentLightMetadata));
    if (data == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
    auto* light = reinterpret_cast<AVContentLightMetadata*>(data);
    light->MaxCLL = video.light->max_cll;
    light->MaxFALL = video.light->max_fall;
  }
  return OkStatus();
}

}  // namespace furl::media
