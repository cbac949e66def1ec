#include "media/metadata_track.h"

#include "media/libav/libav_util.h"

extern "C" {
#include <libavcodec/codec_par.h>
#include <libavformat/avformat.h>
}

namespace furl::media {

Result<StreamInfo> MetadataTrack(const std::string& title) {
  const std::shared_ptr<AVCodecParameters> params(
      avcodec_parameters_alloc(), [](AVCodecParameters* p) { avcodec_parameters_free(&p); });
  if (params == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  params->codec_type = AVMEDIA_TYPE_SUBTITLE;
  params->codec_id = AV_CODEC_ID_WEBVTT;
  StreamInfo stream;
  stream.kind = StreamKind::kSubtitle;
  stream.codec = "webvtt";
  stream.params = params;
  stream.time_base = {1, 1000};
  stream.tags = {{"title", title}};
  stream.disposition = AV_DISPOSITION_METADATA;
  return stream;
}

bool IsMetadataTrack(const StreamInfo& stream, const std::string& title) {
  return (stream.disposition & AV_DISPOSITION_METADATA) != 0 &&
         FindTag(stream.tags, "title") == title;
}

}  // namespace furl::media
