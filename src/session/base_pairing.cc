#include "session/base_pairing.h"

#include <algorithm>
#include <utility>

#include "base/checked_math.h"

namespace furl::session {

Result<std::unique_ptr<BasePairing>> BasePairing::Create(const media::BaseInfo& base, int threads) {
  std::unique_ptr<BasePairing> pairing(new BasePairing);
  FURL_ASSIGN_OR_RETURN(pairing->decoder_, media::BaseDecoder::Create(base, threads));
  pairing->slack_ = base.time_slack;
  return pairing;
}

Status BasePairing::Decode(const media::MediaPacket* packet) {
  return decoder_->Decode(packet, [this](ConstFramePtr picture) {
    front_ = std::max(front_, picture->pts);
    bases_[picture->pts] = std::move(picture);
    return OkStatus();
  });
}

Status BasePairing::Take(media::MediaPacket packet, const PairSink& take) {
  if (packet.stream == media::kBaseStream) {
    FURL_RETURN_IF_ERROR(Decode(&packet));
  } else {
    waiting_.push_back(std::move(packet));
  }
  return PairReady(false, take);
}

Status BasePairing::Finish(const PairSink& take) {
  FURL_RETURN_IF_ERROR(Decode(nullptr));
  return PairReady(true, take);
}

// A picture that has not come when a later one has, never will: the base's come in the order of
// their times.
Status BasePairing::PairReady(bool ended, const PairSink& take) {
  constexpr size_t kMostWaiting = 1024;
  while (!waiting_.empty()) {
    const auto found = Find(waiting_.front().pts);
    const bool passed = front_ > slack_ + INT64_MIN && waiting_.front().pts <= front_ - slack_;
    const bool lost = passed || ended || waiting_.size() > kMostWaiting;
    if (found == bases_.end() && !lost) break;
    const ConstFramePtr base = found != bases_.end() ? found->second : nullptr;
    media::MediaPacket packet = std::move(waiting_.front());
    waiting_.pop_front();
    if (base != nullptr) packet.pts = base->pts;
    FURL_RETURN_IF_ERROR(take(packet, base));
  }
  return OkStatus();
}

std::map<int64_t, ConstFramePtr>::const_iterator BasePairing::Find(int64_t pts) const {
  const auto exact = bases_.find(pts);
  if (exact != bases_.end() || slack_ == 0) return exact;
  const int64_t from = CheckedSub(pts, slack_).value_or(pts);
  const auto near = bases_.lower_bound(from);
  const bool fits = near != bases_.end() && CheckedSub(near->first, slack_).value_or(pts) <= pts;
  return fits ? near : bases_.end();
}

void BasePairing::Release(int64_t pts) { bases_.erase(pts); }

}  // namespace furl::session
