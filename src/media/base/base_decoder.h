// BaseDecoder: packets of a base to its pictures, sample by sample as its standard says.

#ifndef FURL_MEDIA_BASE_BASE_DECODER_H_
#define FURL_MEDIA_BASE_BASE_DECODER_H_

#include <functional>
#include <memory>

#include "base/status.h"
#include "image/frame.h"
#include "media/libav/libav_util.h"
#include "media/media_info.h"

namespace furl::media {

class BaseDecoder {
 public:
  // kUnsupported where this FFmpeg can't decode it. `threads`: 0 is one per CPU.
  static Result<std::unique_ptr<BaseDecoder>> Create(const BaseInfo& info, int threads);

  // Gives `take` the pictures that are ready when `packet`, or null for the end, has come: in
  // display order, with pts, 8 or 10 bit. What it returns is returned if it isn't OK. Damaged
  // packets and pictures of other formats give no picture, or a damaged one, and no error.
  using TakeFn = std::function<Status(ConstFramePtr picture)>;
  Status Decode(const MediaPacket* packet, const TakeFn& take);

 private:
  BaseDecoder() = default;

  AvCodecContextPtr context_;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_BASE_BASE_DECODER_H_
