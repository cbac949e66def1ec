// PrivacyMask: pictures without what nobody may recognise. What is under a mask is plain, in all
// planes, before anything else sees the picture: nothing of it can be got back.

#ifndef FURL_WATCH_PRIVACY_MASK_H_
#define FURL_WATCH_PRIVACY_MASK_H_

#include <vector>

#include "base/status.h"
#include "image/frame.h"
#include "watch/zones.h"

namespace furl::watch {

class PrivacyMask {
 public:
  explicit PrivacyMask(const Zones& zones) : zones_(zones) {}

  // `frame` with all 2x2 samples plain that a zone for masks touches, in a frame of its own; itself
  // where there is no such zone. Frames may come in any size.
  Result<ConstFramePtr> Apply(const ConstFramePtr& frame);

 private:
  // Samples of chroma in a row.
  struct Run {
    int row;
    int begin;
    int end;
  };

  void Begin(int width, int height);

  const Zones zones_;
  int width_ = 0;
  int height_ = 0;
  std::vector<Run> runs_;
};

}  // namespace furl::watch

#endif  // FURL_WATCH_PRIVACY_MASK_H_
