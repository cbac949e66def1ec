#include "codec/dec/output_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace furl {

void OutputQueue::BeginGop() {
  gops_.emplace_back();
  if (gops_.size() > 1) gops_[gops_.size() - 2].complete = true;
}

void OutputQueue::Gop::Settle() {
  auto it = pictures.lower_bound(settled);
  if (std::distance(it, pictures.end()) > kMaxOvertaking) settled = it->first;
  for (; it != pictures.end() && it->first == settled; ++it) ++settled;
}

bool OutputQueue::Gop::NextIsLost() const {
  return complete || next < settled || pictures.size() + lost.size() > size_t{kMaxOvertaking};
}

bool OutputQueue::Add(PicturePtr picture) {
  if (gops_.empty()) gops_.emplace_back();
  Gop& gop = gops_.back();
  const int display = picture->header().display_order;
  if (display < gop.settled) return false;
  if (!gop.pictures.emplace(display, std::move(picture)).second) return false;
  gop.Settle();
  return true;
}

void OutputQueue::AddLost(const FrameTag& tag) {
  if (gops_.empty()) gops_.emplace_back();
  auto& lost = gops_.back().lost;
  const auto earlier = [](const FrameTag& a, const FrameTag& b) {
    return std::pair(a.pts, a.duration) < std::pair(b.pts, b.duration);
  };
  lost.insert(std::upper_bound(lost.begin(), lost.end(), tag, earlier), tag);
}

void OutputQueue::End() {
  if (!gops_.empty()) gops_.back().complete = true;
}

std::optional<OutputQueue::Item> OutputQueue::Peek() {
  while (!gops_.empty()) {
    Gop& gop = gops_.front();
    const auto it = gop.pictures.find(gop.next);
    if (it != gop.pictures.end()) return Item{it->second, {}};
    if (!gop.NextIsLost()) return std::nullopt;
    if (!gop.lost.empty()) return Item{nullptr, gop.lost.front()};
    if (!gop.pictures.empty()) {
      // Packets that are missing without a trace: go on with what is there.
      gop.next = gop.pictures.begin()->first;
      continue;
    }
    gops_.pop_front();
  }
  return std::nullopt;
}

void OutputQueue::Pop() {
  Gop& gop = gops_.front();
  if (gop.pictures.erase(gop.next) == 0) gop.lost.pop_front();
  ++gop.next;
}

size_t OutputQueue::size() const {
  size_t n = 0;
  for (const Gop& gop : gops_) n += gop.pictures.size() + gop.lost.size();
  return n;
}

}  // namespace furl
