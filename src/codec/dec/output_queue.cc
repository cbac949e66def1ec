#include "codec/dec/output_queue.h"

#include <algorithm>
#include <utility>

namespace furl {

void OutputQueue::BeginGop() {
  if (!gops_.empty()) gops_.back().complete = true;
  gops_.emplace_back();
}

bool OutputQueue::Add(PicturePtr picture) {
  if (gops_.empty()) gops_.emplace_back();
  Gop& gop = gops_.back();
  const int display = picture->header().display_order;
  // While a GOP is open, `next` passes over shown pictures only.
  return display >= gop.next && gop.pictures.emplace(display, std::move(picture)).second;
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
    if (!gop.complete) return std::nullopt;
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
  for (const Gop& gop : gops_) n += gop.pictures.size();
  return n;
}

}  // namespace furl
