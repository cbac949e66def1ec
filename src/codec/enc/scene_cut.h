// Scene cuts: whether a picture has so little to do with the one before that it
// should start a GOP.

#ifndef FURL_CODEC_ENC_SCENE_CUT_H_
#define FURL_CODEC_ENC_SCENE_CUT_H_

#include <cstdint>
#include <vector>

#include "image/frame.h"

namespace furl {

// Compares quarter-size luma pictures block by block: the cost of predicting a
// block from the previous picture (best of a small search) against the cost of
// predicting it from its own mean.
class SceneCutDetector {
 public:
  // True if `frame` should not be predicted from the frame of the last call.
  // False on the first call.
  bool IsCut(const Frame& frame);

 private:
  struct Thumbnail {
    int width = 0;
    int height = 0;
    std::vector<uint8_t> samples;  // 8 bit
  };
  struct Light {
    double mean = 0;
    double deviation = 0;
  };
  static Thumbnail Shrink(const Frame& frame);
  static Light LightOf(const Thumbnail& t);
  // `t` with brightness and contrast of `light`.
  static Thumbnail InTheLightOf(const Thumbnail& t, const Thumbnail& light);
  static int64_t IntraCost(const Thumbnail& t, int x0, int y0);
  static int64_t InterCost(const Thumbnail& t, const Thumbnail& last, int x0, int y0);

  Thumbnail last_;
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_SCENE_CUT_H_
