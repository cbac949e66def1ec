#include "codec/common/gop.h"

#include <algorithm>
#include <cmath>

#include "image/coding_scales.h"

namespace furl {
namespace {

// Slots 0 and 1 alternate between anchors; 2, 3 and 4 hold B frames of levels 1
// to 3, which is all that mini-GOPs of 16 refer to.
constexpr int kFirstBSlot = 2;
constexpr int kStoredLevels = 3;
static_assert(kLongestMiniGop == 2 << kStoredLevels);
static_assert(kFirstBSlot + kStoredLevels <= kReferenceSlots);

}  // namespace

FramePlan GopPlanner::Intra() {
  FramePlan plan;
  plan.store_slot = 0;
  last_ = {0, 0};
  before_ = {};
  return plan;
}

// The frames strictly between two anchors, middle first.
void GopPlanner::PlanBetween(const Anchor& past, const Anchor& future, int level,
                             std::vector<FramePlan>* out) {
  if (future.display - past.display < 2) return;
  FramePlan plan;
  plan.type = FrameType::kB;
  plan.display = (past.display + future.display) / 2;
  plan.ref_slot[0] = past.slot;
  plan.ref_slot[1] = future.slot;
  plan.ref_display[0] = past.display;
  plan.ref_display[1] = future.display;
  plan.level = level;
  const bool is_reference = future.display - past.display > 2;
  plan.store_slot = is_reference ? kFirstBSlot + level - 1 : -1;
  out->push_back(plan);
  const Anchor middle = {plan.display, plan.store_slot};
  PlanBetween(past, middle, level + 1, out);
  PlanBetween(middle, future, level + 1, out);
}

std::vector<FramePlan> GopPlanner::MiniGop(int count) {
  FramePlan plan;
  plan.type = before_.slot < 0 ? FrameType::kP : FrameType::kB;
  plan.display = last_.display + count;
  plan.ref_slot[0] = last_.slot;
  plan.ref_slot[1] = before_.slot;
  plan.ref_display[0] = last_.display;
  plan.ref_display[1] = before_.display;
  plan.store_slot = 1 - last_.slot;
  std::vector<FramePlan> frames = {plan};
  const Anchor anchor = {plan.display, plan.store_slot};
  PlanBetween(last_, anchor, 1, &frames);
  before_ = last_;
  last_ = anchor;
  return frames;
}

int RoundQp(double qp) {
  return static_cast<int>(std::lround(std::clamp<double>(qp, kMinQp, kMaxQp)));
}

int FrameQp(double base_qp, const FramePlan& plan, bool low_delay) {
  // Steps of 1/10 octave of the quantizer. Low delay alternates like
  // hierarchical P coding with a period of 4.
  constexpr int kLevelOffset[] = {4, 9, 12, 14, 15};
  constexpr int kLowDelayOffset[] = {3, 7, 5, 7};
  int offset = 0;
  if (plan.type != FrameType::kI) {
    offset = low_delay ? kLowDelayOffset[plan.display % 4] : kLevelOffset[plan.level];
  }
  return RoundQp(base_qp + offset);
}

}  // namespace furl
