// Decodes the video of a file with libavcodec into 8-bit 4:2:0 pictures of a
// chosen size. Built without FFmpeg, both functions fail with kUnsupported.

#ifndef FURL_TRAIN_PREPROCESS_CLIP_READER_H_
#define FURL_TRAIN_PREPROCESS_CLIP_READER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "train/preprocess/preparation.h"

namespace furl::train {

// Y (width*height), then U and V (a quarter each), without padding.
using PlanarPicture = std::vector<uint8_t>;

enum class ScaleFilter { kBicubic, kBilinear, kLanczos, kArea, kSpline };

// Coded size of the first video stream.
Result<ClipSize> ProbeClip(const std::string& path);

// Calls `sink` with every picture in order, scaled to `size` (even sides).
Status ReadClip(const std::string& path, ClipSize size, ScaleFilter filter,
                const std::function<Status(const PlanarPicture&)>& sink);

}  // namespace furl::train

#endif  // FURL_TRAIN_PREPROCESS_CLIP_READER_H_
