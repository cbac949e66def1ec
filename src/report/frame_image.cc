#include "report/frame_image.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libswscale/swscale.h>
}

#include <cstring>
#include <memory>
#include <vector>

#include "media/libav/frame_convert.h"
#include "media/libav/libav_util.h"
#include "report/data_uri.h"

namespace furl::report {
namespace {

using media::AvCodecContextPtr;
using media::AvFramePtr;
using media::AvPacketPtr;

struct SwsDeleter {
  void operator()(SwsContext* p) const { sws_freeContext(p); }
};
using SwsPtr = std::unique_ptr<SwsContext, SwsDeleter>;

Result<AvFramePtr> NewPicture(AVPixelFormat format, int width, int height) {
  AvFramePtr picture(av_frame_alloc());
  if (picture == nullptr) return Status(StatusCode::kOutOfMemory, "picture");
  picture->format = format;
  picture->width = width;
  picture->height = height;
  if (av_frame_get_buffer(picture.get(), 0) < 0) {
    return Status(StatusCode::kOutOfMemory, "picture");
  }
  return picture;
}

// Matrix of H.273 as swscale names it.
int SwsMatrix(const ColorTags& color, int height) {
  switch (color.matrix) {
    case 1: return SWS_CS_ITU709;
    case 4: return SWS_CS_FCC;
    case 5:
    case 6: return SWS_CS_ITU601;
    case 7: return SWS_CS_SMPTE240M;
    case 9:
    case 10: return SWS_CS_BT2020;
    default: return height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601;
  }
}

// swscale changes matrices only between YUV and RGB, hence the two steps below.
Status Convert(const AVFrame& from, int from_matrix, bool from_full, AVFrame* to, int to_matrix) {
  const SwsPtr sws(
      sws_getContext(from.width, from.height, static_cast<AVPixelFormat>(from.format), to->width,
                     to->height, static_cast<AVPixelFormat>(to->format),
                     SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP,
                     nullptr, nullptr, nullptr));
  if (sws == nullptr) return Unsupported("no conversion for this picture");
  if (sws_setColorspaceDetails(sws.get(), sws_getCoefficients(from_matrix), from_full ? 1 : 0,
                               sws_getCoefficients(to_matrix), 1, 0, 1 << 16, 1 << 16) < 0) {
    return InternalError("colour conversion");
  }
  if (sws_scale(sws.get(), from.data, from.linesize, 0, from.height, to->data, to->linesize) !=
      to->height) {
    return InternalError("colour conversion");
  }
  return OkStatus();
}

// `jpeg_scale`: of JPEGs, as JpegUri takes it.
Result<std::vector<uint8_t>> EncodeImage(AVCodecID id, const AVFrame& picture,
                                         int jpeg_scale = kFinestJpeg) {
  const AVCodec* codec = avcodec_find_encoder(id);
  if (codec == nullptr) {
    return Unsupported(std::string("libavcodec has no encoder for ") + avcodec_get_name(id));
  }
  const AvCodecContextPtr context(avcodec_alloc_context3(codec));
  const AvPacketPtr packet(av_packet_alloc());
  if (context == nullptr || packet == nullptr) return Status(StatusCode::kOutOfMemory, "image");
  context->width = picture.width;
  context->height = picture.height;
  context->pix_fmt = static_cast<AVPixelFormat>(picture.format);
  context->time_base = {1, 25};
  context->thread_count = 1;
  if (id == AV_CODEC_ID_MJPEG) {
    context->flags |= AV_CODEC_FLAG_QSCALE;
    context->global_quality = jpeg_scale * FF_QP2LAMBDA;
    context->color_range = AVCOL_RANGE_JPEG;
  }
  int error = avcodec_open2(context.get(), codec, nullptr);
  if (error >= 0) error = avcodec_send_frame(context.get(), &picture);
  if (error >= 0) error = avcodec_send_frame(context.get(), nullptr);
  if (error >= 0) error = avcodec_receive_packet(context.get(), packet.get());
  if (error < 0) return media::AvStatus(error, "coding an image", StatusCode::kInternal);
  return std::vector<uint8_t>(packet->data, packet->data + packet->size);
}

Result<std::string> DataUri(const char* type, std::span<const uint8_t> bytes) {
  if (bytes.size() > (1u << 29)) return LimitExceeded("image of more than 512 MiB");
  return std::string("data:image/") + type + ";base64," + Base64(bytes);
}

}  // namespace

Result<std::string> JpegUri(const Frame& frame, const ColorTags& color, const Rect& crop,
                            bool full_chroma, int scale) {
  if (crop.x < 0 || crop.y < 0 || crop.width < 1 || crop.height < 1 || crop.x % 2 != 0 ||
      crop.y % 2 != 0 || crop.width > frame.width() - crop.x ||
      crop.height > frame.height() - crop.y) {
    return InvalidArgument("the crop is not inside the picture");
  }
  FURL_ASSIGN_OR_RETURN(const AvFramePtr yuv, media::FrameToAv(frame, /*even=*/false));
  const int bytes = frame.bit_depth() > 8 ? 2 : 1;
  for (int p = 0; p < 3; ++p) {
    const int shift = p == 0 ? 0 : 1;
    yuv->data[p] += static_cast<ptrdiff_t>(crop.y >> shift) * yuv->linesize[p] +
                    static_cast<ptrdiff_t>(crop.x >> shift) * bytes;
  }
  yuv->width = crop.width;
  yuv->height = crop.height;
  FURL_ASSIGN_OR_RETURN(const AvFramePtr rgb,
                        NewPicture(AV_PIX_FMT_RGB24, crop.width, crop.height));
  FURL_RETURN_IF_ERROR(
      Convert(*yuv, SwsMatrix(color, frame.height()), color.full_range, rgb.get(), SWS_CS_DEFAULT));
  FURL_ASSIGN_OR_RETURN(
      const AvFramePtr jpeg,
      NewPicture(full_chroma ? AV_PIX_FMT_YUV444P : AV_PIX_FMT_YUV420P, crop.width, crop.height));
  // JFIF: BT.601 at full range.
  FURL_RETURN_IF_ERROR(Convert(*rgb, SWS_CS_DEFAULT, true, jpeg.get(), SWS_CS_ITU601));
  jpeg->format = full_chroma ? AV_PIX_FMT_YUVJ444P : AV_PIX_FMT_YUVJ420P;
  jpeg->color_range = AVCOL_RANGE_JPEG;
  jpeg->quality = scale * FF_QP2LAMBDA;
  FURL_ASSIGN_OR_RETURN(const auto coded, EncodeImage(AV_CODEC_ID_MJPEG, *jpeg, scale));
  return DataUri("jpeg", coded);
}

Result<std::string> JpegUri(const Frame& frame, const ColorTags& color, int scale) {
  return JpegUri(frame, color, {0, 0, frame.width(), frame.height()}, /*full_chroma=*/false, scale);
}

Result<std::string> GrayPngUri(std::span<const uint8_t> samples, int width, int height) {
  if (width < 1 || height < 1 || width > 16384 || height > 16384 ||
      samples.size() != static_cast<size_t>(width) * static_cast<size_t>(height)) {
    return InvalidArgument("size of a grey picture");
  }
  FURL_ASSIGN_OR_RETURN(const AvFramePtr picture, NewPicture(AV_PIX_FMT_GRAY8, width, height));
  for (int y = 0; y < height; ++y) {
    std::memcpy(picture->data[0] + static_cast<ptrdiff_t>(y) * picture->linesize[0],
                samples.data() + static_cast<size_t>(y) * width, static_cast<size_t>(width));
  }
  FURL_ASSIGN_OR_RETURN(const auto coded, EncodeImage(AV_CODEC_ID_PNG, *picture));
  return DataUri("png", coded);
}

}  // namespace furl::report
