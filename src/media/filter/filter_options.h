// What may be done to pictures between a file and the encoder.

#ifndef FURL_MEDIA_FILTER_FILTER_OPTIONS_H_
#define FURL_MEDIA_FILTER_FILTER_OPTIONS_H_

#include <string>

#include "base/rational.h"
#include "media/media_info.h"

namespace furl::media {

struct CropRect {
  int width = 0;  // 0: no crop
  int height = 0;
  int x = -1;  // -1: centered
  int y = -1;
};

// Of pictures that are marked as interlaced; others are never touched.
enum class Deinterlace {
  kAuto,    // one progressive picture of each
  kNo,      // fields stay woven, and the output says so
  kFields,  // one of each field: twice the frame rate
};

// Strength of libavfilter's hqdn3d.
enum class Denoise { kNo, kLight, kMedium, kStrong };

// In the order in which they are done.
struct FilterOptions {
  Deinterlace deinterlace = Deinterlace::kAuto;
  CropRect crop;
  std::string graph;  // of libavfilter's, from one input to one output: "eq=gamma=1.2,unsharp"
  Denoise denoise = Denoise::kNo;
  bool tone_map = false;  // HDR pictures (PQ, HLG) to BT.709; others are left alone
  int turn = 0;           // clockwise: 0, 90, 180 or 270 degrees
  int scale_width = 0;    // 0 with scale_height 0: unchanged; -1: keeps the shape
  int scale_height = 0;
  Rational frame_rate = {0, 1};  // num 0: unchanged
  NoticeFn notice;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_FILTER_FILTER_OPTIONS_H_
