// What the tests of latents share.

#ifndef FURL_CODEC_LATENTS_LATENTS_TEST_UTIL_H_
#define FURL_CODEC_LATENTS_LATENTS_TEST_UTIL_H_

#include <cstdint>
#include <random>

#include "image/frame.h"

namespace furl::latents {

// A small picture of noise: samples of base..base + 63.
inline FramePtr MakeFrame(int depth, int border, int base, unsigned seed) {
  FramePtr frame = Frame::Create(64, 48, depth, border).value();
  std::mt19937 random(seed);
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        plane.row(y)[x] = static_cast<uint16_t>(base + static_cast<int>(random() % 64));
      }
    }
  }
  return frame;
}

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_LATENTS_TEST_UTIL_H_
