// FrameScaler: frames at another size.

#ifndef FURL_MEDIA_FILTER_FRAME_SCALER_H_
#define FURL_MEDIA_FILTER_FRAME_SCALER_H_

#include <memory>

#include "base/status.h"
#include "image/frame.h"
#include "media/filter/filter_graph.h"

namespace furl::media {

class FrameScaler {
 public:
  // What comes out; sides above zero.
  FrameScaler(int width, int height) : width_(width), height_(height) {}

  // `frame` at the new size (Lanczos), with its depth and tag; itself where it has that size.
  // Frames may come in any size.
  Result<ConstFramePtr> Scale(const ConstFramePtr& frame);

 private:
  const int width_;
  const int height_;
  std::unique_ptr<FilterGraph> graph_;  // for frames as the last one was
  int from_width_ = 0;
  int from_height_ = 0;
  int from_depth_ = 0;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_FILTER_FRAME_SCALER_H_
