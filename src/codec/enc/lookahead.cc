#include "codec/enc/lookahead.h"

#include <algorithm>
#include <utility>

#include "codec/common/family.h"
#include "codec/enc/propagation.h"

namespace furl {
namespace {

// Two mini-GOPs are worth their coarser hierarchy where they save at least this
// much of the cost of the two frames that differ. Long ones gain less from another level.
constexpr double kSplitCost = 0.9;
constexpr double kLongSplitCost = 0.975;

// Costs are compared at the step of frames in the middle of the hierarchy.
constexpr int kTypicalOffset = 9;

// Of errors where structural similarity counts.
constexpr double kMsSsimMasking = 0.3;

// The most frames of a mini-GOP: no more than are waited for.
int LongestMiniGop(const LookaheadSettings& settings) {
  if (settings.low_delay) return 1;
  return settings.frames >= kLongestMiniGop ? kLongestMiniGop : kTypicalMiniGop;
}

}  // namespace

int LookaheadFrames(int width, int height) {
  constexpr int64_t kMostSamples = int64_t{1} << 26;
  const int64_t fit = kMostSamples / (int64_t{width} * height);
  return static_cast<int>(std::clamp<int64_t>(fit, kTypicalMiniGop, 2 * kLongestMiniGop));
}

Lookahead::Lookahead(const LookaheadSettings& settings, ThreadPool* pool)
    : settings_(settings),
      pool_(pool),
      analyzer_(
          settings.step_law.Step(RoundQp(settings.base_qp(settings.gop_length) + kTypicalOffset)),
          settings.tune == Tune::kMsSsim ? kMsSsimMasking : 0),
      planner_(LongestMiniGop(settings)) {}

void Lookahead::BeginGop() {
  FURL_DASSERT(Empty());
  frames_.clear();
  halves_.clear();
  costs_.clear();
  planned_.clear();
  pushed_ = planned_end_ = taken_ = 0;
}

Status Lookahead::Push(ConstFramePtr frame) {
  if (enabled()) {
    FURL_ASSIGN_OR_RETURN(halves_[pushed_], HalfPicture(*frame));
  }
  frames_[pushed_++] = std::move(frame);
  return OkStatus();
}

bool Lookahead::Ready(bool closed) const {
  const int waiting = pushed_ - taken_;
  if (waiting == 0) return false;
  if (closed || settings_.low_delay) return true;
  const bool first = taken_ == 0;
  const int most_taken = first ? 1 : planner_.mini_gop();
  const int horizon = std::max(settings_.frames, planner_.mini_gop()) + (first ? 1 : 0);
  return waiting > most_taken && (!enabled() || waiting >= horizon);
}

Result<std::vector<PlannedFrame>> Lookahead::Next(bool closed) {
  FURL_DASSERT(Ready(closed));
  if (!enabled()) return NextFixed();
  FURL_RETURN_IF_ERROR(Plan(closed));
  return Take(closed);
}

Result<std::vector<PlannedFrame>> Lookahead::NextFixed() {
  const int count = std::min(pushed_ - taken_, planner_.mini_gop());
  std::vector<PlannedFrame> out;
  std::vector<FramePlan> plans =
      taken_ == 0 ? std::vector<FramePlan>{planner_.Intra()} : planner_.MiniGop(count);
  for (const FramePlan& plan : plans) {
    PlannedFrame frame;
    frame.frame = std::move(frames_[plan.display]);
    frame.plan = plan;
    frame.qp = FrameQp(settings_.base_qp(settings_.gop_length), plan, settings_.low_delay);
    frames_.erase(plan.display);
    out.push_back(std::move(frame));
  }
  taken_ += static_cast<int>(out.size());
  return out;
}

Status Lookahead::Plan(bool closed) {
  if (planned_end_ == 0) {
    const FramePlan plan = planner_.Intra();
    FURL_ASSIGN_OR_RETURN(auto costs, Costs(plan));
    planned_.push_back({{plan, std::move(costs)}});
    planned_end_ = 1;
  }
  for (;;) {
    const int count = std::min(pushed_ - planned_end_, planner_.mini_gop());
    if (count == 0 || (count < planner_.mini_gop() && !closed)) return OkStatus();
    std::vector<int> sizes;
    FURL_RETURN_IF_ERROR(ChooseSizes(planner_, count, &sizes));
    for (int size : sizes) FURL_RETURN_IF_ERROR(PlanMiniGop(size));
  }
}

Status Lookahead::PlanMiniGop(int count) {
  MiniGop group;
  for (const FramePlan& plan : planner_.MiniGop(count)) {
    FURL_ASSIGN_OR_RETURN(auto costs, Costs(plan));
    group.push_back({plan, std::move(costs)});
  }
  planned_.push_back(std::move(group));
  planned_end_ += count;
  return OkStatus();
}

// One mini-GOP, or two of half the size? They differ in the last frame and in the
// middle one, which either waits for the last or serves it.
Result<bool> Lookahead::BetterHalved(const GopPlanner& planner, int count) {
  const std::vector<FramePlan> whole = GopPlanner(planner).MiniGop(count);
  GopPlanner split = planner;
  const FramePlan first = split.MiniGop(count / 2).front();
  const FramePlan second = split.MiniGop(count - count / 2).front();
  double as_one = 0;
  double as_two = 0;
  for (int i = 0; i < 2; ++i) {
    FURL_ASSIGN_OR_RETURN(auto one, Costs(whole[i]));
    FURL_ASSIGN_OR_RETURN(auto two, Costs(i == 0 ? first : second));
    as_one += one->inter_cost;
    as_two += two->inter_cost;
  }
  return as_two < (count > kTypicalMiniGop ? kLongSplitCost : kSplitCost) * as_one;
}

Status Lookahead::ChooseSizes(const GopPlanner& planner, int count, std::vector<int>* sizes) {
  // Motion that is out of reach over the whole may be so over a half, too, and then neither
  // looks better: long mini-GOPs are only for what needs no shorter one than the typical.
  const bool is_long = count > kTypicalMiniGop;
  bool halved = is_long;
  if (!is_long && count > 1) {
    FURL_ASSIGN_OR_RETURN(halved, BetterHalved(planner, count));
  }
  if (!halved) {
    sizes->push_back(count);
    return OkStatus();
  }
  std::vector<int> halves;
  FURL_RETURN_IF_ERROR(ChooseSizes(planner, count / 2, &halves));
  // What the first half becomes changes its anchors but not the last of them.
  GopPlanner rest = planner;
  rest.MiniGop(count / 2);
  FURL_RETURN_IF_ERROR(ChooseSizes(rest, count - count / 2, &halves));
  if (is_long && halves.size() == 2) {
    FURL_ASSIGN_OR_RETURN(halved, BetterHalved(planner, count));
    if (!halved) halves = {count};
  }
  sizes->insert(sizes->end(), halves.begin(), halves.end());
  return OkStatus();
}

Result<std::shared_ptr<const FrameCosts>> Lookahead::Costs(const FramePlan& plan) {
  const auto key = std::make_tuple(plan.display, plan.ref_display[0], plan.ref_display[1]);
  std::shared_ptr<const FrameCosts>& known = costs_[key];
  if (known != nullptr) return known;
  CostRequest request;
  request.half = halves_[plan.display];
  for (int r = 0; r < 2; ++r) {
    if (plan.ref_display[r] < 0) continue;
    request.refs[r] = halves_[plan.ref_display[r]];
    request.distance[r] = plan.display - plan.ref_display[r];
  }
  FURL_ASSIGN_OR_RETURN(FrameCosts costs, analyzer_.Measure(request, pool_));
  known = std::make_shared<const FrameCosts>(std::move(costs));
  return known;
}

Result<std::vector<PlannedFrame>> Lookahead::Take(bool closed) {
  std::vector<PropagationFrame> horizon;
  for (const MiniGop& group : planned_) {
    for (const Planned& frame : group)
      horizon.push_back({frame.plan, frame.costs.get(), {}, 0, {}});
  }
  const int beyond = closed ? 0 : std::max(settings_.gop_length - planned_end_, 0);
  const double base_qp = settings_.base_qp(closed ? pushed_ : settings_.gop_length);
  Propagate(settings_.step_law, base_qp, static_cast<double>(beyond) / horizon.size(), &horizon);
  const MiniGop group = std::move(planned_.front());
  planned_.pop_front();
  std::vector<PlannedFrame> out;
  for (size_t i = 0; i < group.size(); ++i) {
    const int display = group[i].plan.display;
    out.push_back({frames_[display], group[i].plan, horizon[i].qp, group[i].costs,
                   std::move(horizon[i].worth), std::move(horizon[i].qp_map)});
    if (group[i].plan.level == 0) out.back().nearby = Nearby(display);
  }
  for (const Planned& planned : group) frames_.erase(planned.plan.display);
  taken_ += static_cast<int>(out.size());
  Forget(std::max(group.front().plan.ref_display[0], 0));
  return out;
}

std::vector<NearbyFrame> Lookahead::Nearby(int display) const {
  std::vector<NearbyFrame> nearby;
  for (int distance : {-2, -1, 1, 2}) {
    const auto found = frames_.find(display - distance);
    if (found != frames_.end()) nearby.push_back({found->second, distance});
  }
  return nearby;
}

// Frees what only frames before `display` needed.
void Lookahead::Forget(int display) {
  halves_.erase(halves_.begin(), halves_.lower_bound(display));
  costs_.erase(costs_.begin(), costs_.lower_bound({display, -1, -1}));
}

}  // namespace furl
