// Synthetic moving pictures for tests.

#ifndef FURL_TESTS_SUPPORT_TEST_VIDEO_H_
#define FURL_TESTS_SUPPORT_TEST_VIDEO_H_

#include <vector>

#include "image/frame.h"

namespace furl::test {

// `count` frames of a textured pattern that moves and a brighter square that
// moves against it; pts = index, duration = 1. From `cut_at` on (if >= 0) the
// scene is another one.
std::vector<ConstFramePtr> MakeVideo(int width, int height, int bit_depth, int count,
                                     int cut_at = -1);

// `count` frames of text that scrolls, its right half another text every second frame, and whose
// light goes out towards the end: what neither transforms nor plain prediction are good at.
std::vector<ConstFramePtr> MakePages(int width, int height, int bit_depth, int count);

// Mean squared error over all planes, per sample.
double MeanSquaredError(const Frame& a, const Frame& b);

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_TEST_VIDEO_H_
