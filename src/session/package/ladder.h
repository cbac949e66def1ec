// Ladder: the sizes and rates of a stream's variants, chosen by what was measured of the content.

#ifndef FURL_SESSION_PACKAGE_LADDER_H_
#define FURL_SESSION_PACKAGE_LADDER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "image/video_format.h"

namespace furl::session {

// One variant.
struct Rung {
  int width = 0;
  int height = 0;
  int64_t bits_per_second = 0;  // of video, the mean
};

// What coding at one size gave: rate, and the quality of its pictures scaled up to the source's.
struct LadderPoint {
  int width = 0;
  int height = 0;
  double bits_per_second = 0;
  double psnr = 0;  // dB
};

inline constexpr int kMostRungs = 5;

// Sizes worth trying: the video's and two thirds, a half and a third of it, even and at least 64 a
// side; from the largest. Never empty.
std::vector<Rung> LadderSizes(const VideoFormat& video);

// From the largest rate, which is the best point's of the largest size, each half of the one
// before, and of the size that looks best at it. Ends where the next would be below all that was
// measured. `points`: two or more of every size, of LadderSizes(); the result has at least one.
std::vector<Rung> ChooseLadder(std::span<const LadderPoint> points);

// Where nothing can be measured: rates by the number of samples alone. `bits_per_sample`: of a
// video of 640x360 at 30 frames per second; larger ones need fewer.
std::vector<Rung> PlainLadder(const VideoFormat& video, double bits_per_sample);

// Two digits that count.
int64_t RoundedRate(double bits_per_second);

}  // namespace furl::session

#endif  // FURL_SESSION_PACKAGE_LADDER_H_
