extern "C" {
#include <libavformat/avformat.h>
}

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "media/base/base_encoder.h"
#include "media/libav/packet_form.h"
#include "media/write/avc_format.h"

namespace furl::media {
namespace {

struct Encoder {
  const char* name;   // the user's
  const char* codec;  // FindVideoCodec's
  int least_side;     // of its pictures
};
// SVT-AV1 1.4 refuses smaller ones and spoils its memory where it does.
constexpr Encoder kEncoders[] = {{"x264", "h264", 16}, {"x265", "hevc", 16}, {"av1", "av1", 64}};

Result<const Encoder*> FindEncoder(const std::string& name) {
  for (const Encoder& encoder : kEncoders) {
    if (name == encoder.name) return &encoder;
  }
  return InvalidArgument("there is no base '" + name + "'; there are " + BaseEncoderNames());
}

// A side of the base: even, as all three codecs want it, and not larger than the video's.
int ScaledSide(int side, Rational scale) {
  const auto wanted = static_cast<int>(std::lround(side * scale.value() / 2)) * 2;
  return std::clamp(wanted, 2, std::max(side / 2 * 2, 2));
}

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
struct IoDeleter {
  void operator()(AVIOContext* io) const {
    av_freep(&io->buffer);
    avio_context_free(&io);
  }
};

// The head of a Matroska file with such a video track, as libavformat writes it.
Result<std::vector<uint8_t>> MatroskaHead(const AVCodecContext& encoder) {
  AVFormatContext* opened = nullptr;
  int error = avformat_alloc_output_context2(&opened, nullptr, "matroska", nullptr);
  if (error < 0) return AvStatus(error, "matroska");
  const std::unique_ptr<AVFormatContext, MuxerDeleter> muxer(opened);
  AVStream* stream = avformat_new_stream(muxer.get(), nullptr);
  if (stream == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  error = avcodec_parameters_from_context(stream->codecpar, &encoder);
  stream->time_base = encoder.time_base;
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

// An encoder's parameters with the extradata that Matroska wants: it is libavformat that knows how
// to make one of what encoders give, so it writes a head and reads it again.
Result<std::shared_ptr<const AVCodecParameters>> MatroskaParameters(const AVCodecContext& encoder) {
  ByteSource source;
  FURL_ASSIGN_OR_RETURN(source.bytes, MatroskaHead(encoder));
  constexpr int kBuffer = 4096;
  const std::unique_ptr<AVIOContext, IoDeleter> io(
      avio_alloc_context(static_cast<uint8_t*>(av_malloc(kBuffer)), kBuffer, 0, &source,
                         &ByteSource::Read, nullptr, nullptr));
  AVFormatContext* context = avformat_alloc_context();
  if (io == nullptr || context == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  context->pb = io.get();
  const int error = avformat_open_input(&context, "", av_find_input_format("matroska"), nullptr);
  if (error < 0) return AvStatus(error, "the base's parameters", StatusCode::kInternal);
  const std::unique_ptr<AVFormatContext, DemuxerDeleter> demuxer(context);
  if (demuxer->nb_streams != 1) return InternalError("the base's parameters are lost");
  return KnownParameters(*demuxer->streams[0]->codecpar);
}

// What x264 says of itself in its first packet, more than some bases have in all; the video's tag
// says it, too. (x265 is told not to.)
bool IsEncoderText(AVCodecID codec, std::span<const uint8_t> nal) {
  constexpr int kSei = 6;
  constexpr int kUserData = 5;
  return codec == AV_CODEC_ID_H264 && nal.size() > 2 && (nal[0] & 31) == kSei &&
         nal[1] == kUserData;
}

// A packet as Matroska wants it: of NAL units with lengths, of AV1 without temporal delimiters.
std::vector<uint8_t> MatroskaForm(AVCodecID codec, std::vector<uint8_t> data) {
  if (codec == AV_CODEC_ID_AV1) {
    const bool delimited = data.size() > 2 && data[0] == 0x12 && data[1] == 0;
    if (delimited) data.erase(data.begin(), data.begin() + 2);
    return data;
  }
  std::vector<uint8_t> out;
  for (const auto nal : SplitAnnexB(data)) {
    if (!IsEncoderText(codec, nal)) AppendLengthPrefixed(nal, &out);
  }
  return out;
}

}  // namespace

std::string BaseEncoderNames() {
  std::string names;
  for (const Encoder& encoder : kEncoders) {
    names += std::string(names.empty() ? "" : ", ") + encoder.name;
  }
  return names;
}

Result<std::unique_ptr<BaseEncoder>> BaseEncoder::Create(const BaseOptions& options,
                                                         const VideoInfo& video) {
  FURL_ASSIGN_OR_RETURN(const Encoder* encoder, FindEncoder(options.encoder));
  FURL_ASSIGN_OR_RETURN(const VideoCodec* codec, FindVideoCodec(encoder->codec));
  const double scale = options.scale.value();
  if (!(scale >= 0.25 && scale <= 1)) return InvalidArgument("a base's scale is 1/4 to 1");
  std::unique_ptr<BaseEncoder> base(new BaseEncoder);
  base->format_ = {ScaledSide(video.width, options.scale), ScaledSide(video.height, options.scale),
                   video.bit_depth};
  if (std::min(base->format_.width, base->format_.height) < encoder->least_side) {
    return InvalidArgument(
        fmt::format("a base of {}x{} is too small for {}; its sides are {} or "
                    "more (--base-scale)",
                    base->format_.width, base->format_.height, encoder->name, encoder->least_side));
  }
  VideoInfo small = video;
  small.width = base->format_.width;
  small.height = base->format_.height;
  base->scaler_ = std::make_unique<FrameScaler>(small.width, small.height);
  FURL_ASSIGN_OR_RETURN(base->encoder_, VideoEncoder::Create(*codec, small, options.crf,
                                                             options.threads, options.gop_frames));
  base->info_.codec = codec->title;
  base->info_.time_base = video.time_base;
  FURL_ASSIGN_OR_RETURN(base->info_.params, MatroskaParameters(base->encoder_->context()));
  return base;
}

std::string BaseEncoder::description() const {
  return fmt::format("{}, {}x{}", encoder_->description(), format_.width, format_.height);
}

Status BaseEncoder::Encode(const ConstFramePtr& frame, const TakeFn& take) {
  ConstFramePtr scaled;
  if (frame != nullptr) {
    FURL_ASSIGN_OR_RETURN(scaled, scaler_->Scale(frame));
  }
  const int64_t duration = frame != nullptr ? frame->duration : 0;
  return encoder_->Encode(scaled.get(), duration, [&](MediaPacket packet) {
    packet.stream = kBaseStream;
    packet.data = MatroskaForm(info_.params->codec_id, std::move(packet.data));
    return take(std::move(packet));
  });
}

}  // namespace furl::media
