// Measuring one codec on one clip.

#ifndef FURL_BENCH_RD_MEASURE_H_
#define FURL_BENCH_RD_MEASURE_H_

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "metrics/metric.h"
#include "rd/clip.h"
#include "rd/codec.h"

namespace furl::rd {

struct Measurement {
  double level = 0;
  int64_t bits = 0;    // of the video stream
  double kbps = 0;     // at the clip's frame rate
  double bpp = 0;      // bits per luma sample
  PlaneScores mean;    // averages of the frames' PSNR, dB
  PlaneScores pooled;  // PSNR of the averaged error, dB
};

// Codes `clip` at `level` and compares every frame with its original. An error
// when the codec loses, adds or resizes frames.
Result<Measurement> Measure(Codec& codec, const Clip& clip, double level);

}  // namespace furl::rd

#endif  // FURL_BENCH_RD_MEASURE_H_
