#include "media/libav/frame_convert.h"

#include <algorithm>
#include <cstring>

namespace furl::media {
namespace {

// Copies one plane. kStep is the distance of neighbours and `shift` the number
// of empty low bits in the source samples.
template <typename Sample, int kStep>
void CopyRows(const uint8_t* data, int linesize, int shift, Plane out) {
  for (int y = 0; y < out.height; ++y) {
    const auto* in = reinterpret_cast<const Sample*>(data + static_cast<ptrdiff_t>(y) * linesize);
    uint16_t* row = out.row(y);
    for (int x = 0; x < out.width; ++x) row[x] = static_cast<uint16_t>(in[x * kStep] >> shift);
  }
}

// The steps are constants so that the loops become vector code.
template <typename Sample>
void CopyPlane(const uint8_t* data, int linesize, int step, int shift, Plane out) {
  if (step == 1) {
    CopyRows<Sample, 1>(data, linesize, shift, out);
  } else {
    CopyRows<Sample, 2>(data, linesize, shift, out);
  }
}

template <typename Sample>
void CopyOut(ConstPlane in, int width, int height, uint8_t* data, int linesize) {
  for (int y = 0; y < height; ++y) {
    const uint16_t* row = in.row(std::min(y, in.height - 1));
    auto* out = reinterpret_cast<Sample*>(data + static_cast<ptrdiff_t>(y) * linesize);
    for (int x = 0; x < in.width; ++x) out[x] = static_cast<Sample>(row[x]);
    for (int x = in.width; x < width; ++x) out[x] = static_cast<Sample>(row[in.width - 1]);
  }
}

}  // namespace

bool IsNativeFormat(AVPixelFormat format) {
  return format == AV_PIX_FMT_YUV420P || format == AV_PIX_FMT_YUVJ420P ||
         format == AV_PIX_FMT_NV12 || format == AV_PIX_FMT_YUV420P10 || format == AV_PIX_FMT_P010;
}

Result<FramePtr> FrameFromAv(const AVFrame& source) {
  const auto format = static_cast<AVPixelFormat>(source.format);
  if (!IsNativeFormat(format)) return Unsupported("pixel format is not 4:2:0");
  const bool wide = format == AV_PIX_FMT_YUV420P10 || format == AV_PIX_FMT_P010;
  const bool packed = format == AV_PIX_FMT_NV12 || format == AV_PIX_FMT_P010;
  FURL_ASSIGN_OR_RETURN(FramePtr frame, Frame::Create(source.width, source.height, wide ? 10 : 8));
  for (int p = 0; p < 3; ++p) {
    const int plane = packed ? std::min(p, 1) : p;
    const int step = packed && p > 0 ? 2 : 1;
    const uint8_t* data = source.data[plane];
    if (packed && p == 2) data += wide ? 2 : 1;
    if (wide) {
      const int shift = packed ? 6 : 0;
      CopyPlane<uint16_t>(data, source.linesize[plane], step, shift, frame->plane(p));
    } else {
      CopyPlane<uint8_t>(data, source.linesize[plane], step, 0, frame->plane(p));
    }
  }
  // A damaged 16-bit source could exceed ten bits.
  for (int p = 0; wide && p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        plane.row(y)[x] = std::min<uint16_t>(plane.row(y)[x], 1023);
      }
    }
  }
  return frame;
}

Result<AvFramePtr> FrameToAv(const Frame& source, bool even) {
  AvFramePtr frame(av_frame_alloc());
  if (frame == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  const bool wide = source.bit_depth() > 8;
  frame->format = wide ? AV_PIX_FMT_YUV420P10 : AV_PIX_FMT_YUV420P;
  frame->width = even ? (source.width() + 1) & ~1 : source.width();
  frame->height = even ? (source.height() + 1) & ~1 : source.height();
  if (av_frame_get_buffer(frame.get(), 0) < 0) {
    return Status(StatusCode::kOutOfMemory, "out of memory");
  }
  for (int p = 0; p < 3; ++p) {
    const int width = PlaneWidth(frame->width, p);
    const int height = PlaneHeight(frame->height, p);
    if (wide) {
      CopyOut<uint16_t>(source.plane(p), width, height, frame->data[p], frame->linesize[p]);
    } else {
      CopyOut<uint8_t>(source.plane(p), width, height, frame->data[p], frame->linesize[p]);
    }
  }
  return frame;
}

void SetColor(const ColorTags& color, AVFrame* picture) {
  picture->color_primaries = static_cast<AVColorPrimaries>(color.primaries);
  picture->color_trc = static_cast<AVColorTransferCharacteristic>(color.transfer);
  picture->colorspace = static_cast<AVColorSpace>(color.matrix);
  picture->color_range = RangeToAv(color);
  picture->chroma_location = ChromaLocationToAv(color);
}

}  // namespace furl::media
