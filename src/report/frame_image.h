// Pictures for pages: frames as data URIs, made with libav's encoders.

#ifndef FURL_REPORT_FRAME_IMAGE_H_
#define FURL_REPORT_FRAME_IMAGE_H_

#include <cstdint>
#include <span>
#include <string>

#include "base/status.h"
#include "image/frame.h"

namespace furl::report {

// A part of a picture in luma samples.
struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

// Quantizer scales of JPEGs, as the MPEG codecs have them: 2 is the finest that libavcodec's
// encoder takes without clipping, 31 the coarsest.
inline constexpr int kFinestJpeg = 2;

// `crop` of `frame` as a JPEG of that scale, as "data:image/jpeg;base64,...".
// `crop` lies inside the picture, with even x and y. `color` says how the samples
// are meant; an unspecified matrix counts as BT.709 from 720 rows up, else as
// BT.601. Transfer and primaries are kept as they are (no tone mapping).
// `full_chroma` keeps 4:4:4 after conversion: for crops that are looked at
// enlarged.
Result<std::string> JpegUri(const Frame& frame, const ColorTags& color, const Rect& crop,
                            bool full_chroma, int scale = kFinestJpeg);

// The same of a whole frame in 4:2:0.
Result<std::string> JpegUri(const Frame& frame, const ColorTags& color, int scale = kFinestJpeg);

// `samples` (width x height, row after row) as a grey PNG, exactly.
Result<std::string> GrayPngUri(std::span<const uint8_t> samples, int width, int height);

}  // namespace furl::report

#endif  // FURL_REPORT_FRAME_IMAGE_H_
