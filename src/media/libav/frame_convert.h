// Between libav's pictures and furl's: same samples, other memory.

#ifndef FURL_MEDIA_LIBAV_FRAME_CONVERT_H_
#define FURL_MEDIA_LIBAV_FRAME_CONVERT_H_

#include "base/status.h"
#include "image/frame.h"
#include "media/libav/libav_util.h"

namespace furl::media {

// Copies a yuv420p, yuvj420p, nv12, yuv420p10 or p010 picture sample by
// sample; other formats are kUnsupported. Time is left zero.
Result<FramePtr> FrameFromAv(const AVFrame& source);

// True for the formats FrameFromAv takes.
bool IsNativeFormat(AVPixelFormat format);

// A new yuv420p or yuv420p10 picture. `even` pads odd sizes by repeating the
// last column and row, for codecs that have no odd 4:2:0 sizes.
Result<AvFramePtr> FrameToAv(const Frame& source, bool even);

// What the samples mean.
void SetColor(const ColorTags& color, AVFrame* picture);

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_FRAME_CONVERT_H_
