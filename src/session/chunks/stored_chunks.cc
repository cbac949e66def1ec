#include "session/chunks/stored_chunks.h"

#include <algorithm>
#include <utility>

namespace furl::session {

Status StoredChunks::Code(const ConstFramePtr& frame, const TakeFn& take) {
  const EncodePlan& plan = store_.plan();
  const bool too_many = frame != nullptr && frames_ == plan.frames();
  const bool too_few = frame == nullptr && frames_ < plan.frames();
  if (too_many || too_few) {
    return InvalidStream(plan.input + ": has not as many frames as the plan");
  }
  const bool chunk_ended = frame == nullptr || frames_ == range().first + range().frames;
  if (chunk_ended) {
    FURL_RETURN_IF_ERROR(Give(range().frames + 1, take));
    reader_ = nullptr;
    if (frame == nullptr) return OkStatus();
    ++chunk_;
  }
  if (reader_ == nullptr) {
    if (frame->pts != range().pts) {
      return InvalidStream(plan.input + ": has a frame at another time than the plan");
    }
    FURL_RETURN_IF_ERROR(Open());
  }
  ++frames_;
  return Give(frames_ - range().first, take);
}

Status StoredChunks::Open() {
  FURL_ASSIGN_OR_RETURN(record_, store_.ReadRecord(chunk_));
  FURL_ASSIGN_OR_RETURN(reader_, media::OpenCoded(store_.StreamPath(chunk_), {}));
  given_ = 0;
  if (std::ranges::equal(reader_->sequence_header(), header_)) return OkStatus();
  return InvalidStream(store_.StreamPath(chunk_) + ": was coded with other settings or models");
}

Status StoredChunks::Give(int64_t frames, const TakeFn& take) {
  while (given_ < record_.taken.size() && record_.taken[given_] <= frames) {
    FURL_ASSIGN_OR_RETURN(media::MediaPacket packet, reader_->Next());
    FURL_ASSIGN_OR_RETURN(packet.data, chain_.Take(std::move(packet.data)));
    FURL_RETURN_IF_ERROR(take(packet));
    ++given_;
  }
  return OkStatus();
}

}  // namespace furl::session
