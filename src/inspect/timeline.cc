#include "inspect/timeline.h"

#include <algorithm>

namespace furl::inspect {

FrameRecord* Timeline::Add(const FrameHeader& header, const FrameTag& tag, int64_t bytes) {
  if (header.key()) {
    ++gops_;
    gop_start_ = static_cast<int64_t>(frames_.size());
    slots_ = {};
  }
  if (gops_ == 0) return nullptr;
  FrameRecord& frame = frames_.emplace_back();
  frame.number = gop_start_ + header.display_order;
  frame.coded = static_cast<int64_t>(frames_.size()) - 1;
  frame.gop = gops_ - 1;
  frame.tag = tag;
  frame.bytes = bytes;
  frame.header = header;
  bool future = false;
  int deepest = 0;
  for (int r = 0; r < header.reference_count(); ++r) {
    const FrameRecord* const reference = slots_[header.references[r]];
    if (reference == nullptr) continue;
    frame.references.push_back(reference->number);
    future = future || reference->number > frame.number;
    deepest = std::max(deepest, reference->level);
  }
  if (future) frame.level = deepest + 1;
  if (header.store_slot >= 0) slots_[header.store_slot] = &frame;
  return &frame;
}

std::vector<const FrameRecord*> Timeline::Shown() const {
  std::vector<const FrameRecord*> shown;
  shown.reserve(frames_.size());
  for (const FrameRecord& frame : frames_) shown.push_back(&frame);
  std::stable_sort(shown.begin(), shown.end(), [](const FrameRecord* a, const FrameRecord* b) {
    return a->number < b->number;
  });
  return shown;
}

}  // namespace furl::inspect
