// What is shown of a stream above a base, measured behind its decoder: of GOPs that are left to the
// base an encoder never sees the pictures.

#ifndef FURL_SESSION_SHOWN_SCORE_H_
#define FURL_SESSION_SHOWN_SCORE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "codec/common/family.h"
#include "media/media_info.h"
#include "session/hybrid_stream.h"
#include "session/quality_meter.h"

namespace furl::session {

// Gives pictures in display order; kEndOfStream behind the last.
using NextPicture = std::function<Result<ConstFramePtr>()>;

// Those of packets in the order of their file, decoded as they are asked for.
class PacketPictures {
 public:
  static Result<PacketPictures> Create(std::span<const uint8_t> sequence_header, FamilyPtr family,
                                       const media::BaseInfo& base, int threads,
                                       std::vector<media::MediaPacket> packets);
  Result<ConstFramePtr> Next();

 private:
  PacketPictures() = default;

  std::unique_ptr<HybridStream> stream_;
  std::vector<media::MediaPacket> packets_;
  size_t next_ = 0;
  bool finished_ = false;
  std::deque<ConstFramePtr> shown_;
};

// Measures originals beside what is shown, one by one.
class ShownScore {
 public:
  ShownScore(QualityMeter* meter, NextPicture shown)
      : observer_(meter->observer()), shown_(std::move(shown)) {}

  // The next original. kInternal where nothing is shown of it.
  Status Add(const Frame& original);

 private:
  const std::function<void(const FrameReport&)> observer_;
  const NextPicture shown_;
  int64_t frames_ = 0;
};

}  // namespace furl::session

#endif  // FURL_SESSION_SHOWN_SCORE_H_
