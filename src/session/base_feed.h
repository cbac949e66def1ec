// BaseFeed: frames on their way into an encoder, each with the picture of a base that is made
// along.

#ifndef FURL_SESSION_BASE_FEED_H_
#define FURL_SESSION_BASE_FEED_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <set>

#include "codec/enc/encoder.h"
#include "media/base/base_decoder.h"
#include "media/base/base_encoder.h"

namespace furl::session {

class BaseFeed {
 public:
  // For frames of `video`; errors as BaseEncoder::Create has them.
  static Result<std::unique_ptr<BaseFeed>> Create(const media::BaseOptions& options,
                                                  const media::VideoInfo& video);

  // The coder of the base: what it makes, for settings and containers.
  const media::BaseEncoder& base() const { return *encoder_; }

  // Where things go that are ready; what they return is returned by Push if it isn't OK.
  struct Sinks {
    std::function<Status(media::MediaPacket packet)> packet;  // of the base, in decoding order
    std::function<Status(const ConstFramePtr& frame, const Encoder::BaseInput& base)> frame;
  };
  // Takes a frame, or null for the end. Frames wait until the base's coder gives their picture.
  Status Push(const ConstFramePtr& frame, const Sinks& sinks);

 private:
  BaseFeed() = default;
  Status TakePicture(const ConstFramePtr& picture, const Sinks& sinks);

  std::unique_ptr<media::BaseEncoder> encoder_;
  std::unique_ptr<media::BaseDecoder> decoder_;
  std::deque<ConstFramePtr> originals_;  // whose base has not come yet
  std::set<int64_t> keys_;               // times of its key frames whose picture has not come yet
};

// A base's crf that goes with furl's: as good as what is wanted where only a filter comes on top,
// else about as poor as costs least in all (decision 23).
int BaseCrf(const std::string& encoder, double crf, BaseUse use);

}  // namespace furl::session

#endif  // FURL_SESSION_BASE_FEED_H_
