// The steps of a filter chain in libavfilter's words.

#ifndef FURL_MEDIA_FILTER_FILTER_STEPS_H_
#define FURL_MEDIA_FILTER_FILTER_STEPS_H_

#include <string>

#include "base/status.h"
#include "media/filter/filter_options.h"
#include "media/libav/libav_util.h"

namespace furl::media {

// Whether the decoder says that `picture` is made of two fields.
bool IsInterlaced(const AVFrame& picture);

// What the decoder says of the order of the fields, and what an encoder is told.
FieldOrder FieldOrderOf(const AVFrame& picture);
void SetFieldOrder(FieldOrder order, AVFrame* picture);

// Whether the light in `picture` is coded as HDR has it (PQ or HLG).
bool IsHdr(const AVFrame& picture);

// What changes the look of pictures like `picture`: everything in `options` before the scaling.
// `deinterlacing`: interlaced ones are among them. Empty: nothing. kInvalidArgument if the crop
// reaches outside, kUnsupported if this FFmpeg lacks a filter.
Result<std::string> ChangeSteps(const FilterOptions& options, const AVFrame& picture,
                                bool deinterlacing);

// From pictures like `picture` to `target` in another size, with matrices and ranges explicit:
// zimg where it can, else swscale.
std::string ScaleStep(const AVFrame& picture, AVPixelFormat target, int width, int height);

// The same pictures in another format, RGB and full range among them, by swscale.
std::string FormatStep(const AVFrame& picture, AVPixelFormat target);

// How the samples of a format make colors.
enum class ColorModel { kYuv, kGray, kRgb };
ColorModel ColorModelOf(AVPixelFormat format);
bool IsFullRange(const AVFrame& picture);

}  // namespace furl::media

#endif  // FURL_MEDIA_FILTER_FILTER_STEPS_H_
