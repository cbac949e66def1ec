// VideoFormat: what all frames of a video have in common.

#ifndef FURL_IMAGE_VIDEO_FORMAT_H_
#define FURL_IMAGE_VIDEO_FORMAT_H_

#include "base/rational.h"
#include "image/frame.h"

namespace furl {

// The base of whatever describes a video (stream headers, what files say, settings of encoders),
// so that one assignment of format() carries all of it from one to the other:
//
//   settings.format() = reader.info().video.format();
//
// The chroma is always 4:2:0. Ranges are for those who use it to check.
struct VideoFormat {
  int width = 0;  // of the luma, in samples
  int height = 0;
  int bit_depth = 8;
  Rational frame_rate = {25, 1};  // nominal, frames per second
  Rational time_base = {1, 25};   // seconds per tick of Frame::pts
  Rational sample_aspect = {1, 1};
  ColorTags color;

  VideoFormat& format() { return *this; }
  const VideoFormat& format() const { return *this; }

  bool operator==(const VideoFormat&) const = default;
};

}  // namespace furl

#endif  // FURL_IMAGE_VIDEO_FORMAT_H_
