#include "media/base/base_form.h"

#include <algorithm>
#include <utility>

#include "media/libav/packet_form.h"
#include "media/write/avc_format.h"

namespace furl::media {
namespace {

struct MuxerDeleter {
  void operator()(AVFormatContext* context) const {
    if (context->pb != nullptr) {
      uint8_t* bytes = nullptr;
      avio_close_dyn_buf(context->pb, &bytes);
      av_free(bytes);
    }
    avformat_free_context(context);
  }
};
struct DemuxerDeleter {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};

// The head of a Matroska file with such a video track, as libavformat writes it.
Result<std::vector<uint8_t>> MatroskaHead(const AVCodecParameters& params) {
  AVFormatContext* opened = nullptr;
  int error = avformat_alloc_output_context2(&opened, nullptr, "matroska", nullptr);
  if (error < 0) return AvStatus(error, "matroska");
  const std::unique_ptr<AVFormatContext, MuxerDeleter> muxer(opened);
  AVStream* stream = avformat_new_stream(muxer.get(), nullptr);
  if (stream == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  error = avcodec_parameters_copy(stream->codecpar, &params);
  stream->codecpar->codec_tag = 0;  // which another container may not know
  if (error >= 0) error = avio_open_dyn_buf(&muxer->pb);
  if (error >= 0) error = avformat_write_header(muxer.get(), nullptr);
  if (error < 0) return AvStatus(error, "the base's parameters", StatusCode::kInternal);
  uint8_t* bytes = nullptr;
  const int size = avio_close_dyn_buf(muxer->pb, &bytes);
  muxer->pb = nullptr;
  std::vector<uint8_t> head(bytes, bytes + size);
  av_free(bytes);
  // Readers want a Cluster behind the head, be it empty: one at time 0.
  for (const uint8_t byte : {0x1f, 0x43, 0xb6, 0x75, 0x83, 0xe7, 0x81, 0x00}) head.push_back(byte);
  return head;
}

struct ByteSource {
  std::vector<uint8_t> bytes;
  size_t position = 0;

  static int Read(void* self, uint8_t* to, int size) {
    auto* source = static_cast<ByteSource*>(self);
    const size_t count = std::min<size_t>(size, source->bytes.size() - source->position);
    if (count == 0) return AVERROR_EOF;
    std::copy_n(source->bytes.begin() + static_cast<ptrdiff_t>(source->position), count, to);
    source->position += count;
    return static_cast<int>(count);
  }
};

}  // namespace

bool HasStartCodes(const AVCodecParameters& params) {
  const bool nals = params.codec_id == AV_CODEC_ID_H264 || params.codec_id == AV_CODEC_ID_HEVC;
  // Of the other form it begins with a version and a profile.
  const uint8_t* data = params.extradata;
  return nals && (params.extradata_size < 2 || (data[0] == 0 && data[1] == 0));
}

// It is libavformat that knows how to make Matroska's extradata of what encoders give, so it writes
// a head and reads it again.
Result<std::shared_ptr<const AVCodecParameters>> MatroskaParameters(
    const AVCodecParameters& params) {
  ByteSource source;
  FURL_ASSIGN_OR_RETURN(source.bytes, MatroskaHead(params));
  FURL_ASSIGN_OR_RETURN(const AvIoPtr io, MakeAvIo(&source, {.read = &ByteSource::Read}));
  AVFormatContext* context = avformat_alloc_context();
  if (context == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  context->pb = io.get();
  const int error = avformat_open_input(&context, "", av_find_input_format("matroska"), nullptr);
  if (error < 0) return AvStatus(error, "the base's parameters", StatusCode::kInternal);
  const std::unique_ptr<AVFormatContext, DemuxerDeleter> demuxer(context);
  if (demuxer->nb_streams != 1) return InternalError("the base's parameters are lost");
  return KnownParameters(*demuxer->streams[0]->codecpar);
}

std::vector<uint8_t> MatroskaForm(AVCodecID codec, std::vector<uint8_t> data,
                                  const KeepNalFn& keep) {
  if (codec == AV_CODEC_ID_AV1) {
    const bool delimited = data.size() > 2 && data[0] == 0x12 && data[1] == 0;
    if (delimited) data.erase(data.begin(), data.begin() + 2);
    return data;
  }
  std::vector<uint8_t> out;
  for (const auto nal : SplitAnnexB(data)) {
    if (!keep || keep(nal)) AppendLengthPrefixed(nal, &out);
  }
  return out;
}

}  // namespace furl::media
