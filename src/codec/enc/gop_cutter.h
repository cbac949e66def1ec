// GopCutter: where GOPs begin, and the chunks that several of them make up.
//
// A chunk is coded without knowledge of what comes before it, so that encoders on different
// machines make the same packets as one that codes all of a video. Other GOPs know one thing: what
// was shown last (still_target.h).

#ifndef FURL_CODEC_ENC_GOP_CUTTER_H_
#define FURL_CODEC_ENC_GOP_CUTTER_H_

#include <cstdint>

#include "codec/enc/scene_cut.h"
#include "image/frame.h"

namespace furl {

class GopCutter {
 public:
  // `gop_length`: most frames of a GOP.
  explicit GopCutter(int gop_length);

  struct Wish {
    bool begin = false;  // a GOP begins here, whatever the picture shows
    bool cuts = true;    // others begin at scene cuts
  };
  struct Place {
    bool begins_gop = false;
    bool begins_chunk = false;  // also of the first picture, which has nothing before it
  };
  // Of the next picture in display order.
  Place Next(const Frame& frame, const Wish& wish);

 private:
  bool BeginsChunk(bool cut) const;

  const int64_t gop_length_;
  SceneCutDetector scene_cut_;
  int64_t in_gop_ = 0;    // pictures of the open GOP
  int64_t in_chunk_ = 0;  // and of the open chunk
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_GOP_CUTTER_H_
