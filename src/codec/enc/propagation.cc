#include "codec/enc/propagation.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "codec/enc/block_qps.h"

namespace furl {
namespace {

// QP steps (1/10 octave of the quantizer step) per doubling of the worth. With
// the error proportional to the square of the step theory says 5, and so do
// measurements (decisions 7, 11 and 13).
constexpr double kStrength = 5;
// QP offsets of frames that matter to no other, and the lowest for others.
constexpr double kLeafOffset = 24;
constexpr double kLowestOffset = -12;
// Of the worth of a block predicted from the mean of two, what each gets.
constexpr double kPairShare = 0.5;

// Expected mean squared coding error, per sample at half size.
double CodingError(const StepLaw& step_law, int qp) {
  const double step = step_law.Step(qp);
  return step * step / 12 / 4;
}

// Adds `amount` to the blocks that the vector `v` of block (col, row) points to.
void HandOn(const FrameCosts& costs, int col, int row, motion::MotionVector v, float amount,
            std::vector<float>* worth) {
  constexpr int kUnit = 4 << motion::kCellLog2;  // quarter samples per block
  const int x = col * kUnit + v.x;
  const int y = row * kUnit + v.y;
  const int c0 = x >= 0 ? x / kUnit : (x - kUnit + 1) / kUnit;
  const int r0 = y >= 0 ? y / kUnit : (y - kUnit + 1) / kUnit;
  const float fx = static_cast<float>(x - c0 * kUnit) / kUnit;
  const float fy = static_cast<float>(y - r0 * kUnit) / kUnit;
  for (int j = 0; j < 2; ++j) {
    for (int i = 0; i < 2; ++i) {
      const int c = c0 + i;
      const int r = r0 + j;
      if (c < 0 || r < 0 || c >= costs.cols || r >= costs.rows) continue;
      (*worth)[static_cast<size_t>(r) * costs.cols + c] +=
          amount * (i == 0 ? 1 - fx : fx) * (j == 0 ? 1 - fy : fy);
    }
  }
}

// Hands the worth of `frame` on to its references.
void HandOnFrame(const StepLaw& step_law, const PropagationFrame& frame,
                 PropagationFrame* const (&refs)[2]) {
  const FrameCosts& costs = *frame.costs;
  const double own = CodingError(step_law, frame.qp);
  double theirs[2] = {};
  for (int r = 0; r < 2; ++r) {
    if (refs[r] != nullptr) theirs[r] = CodingError(step_law, refs[r]->qp);
  }
  for (int row = 0; row < costs.rows; ++row) {
    for (int col = 0; col < costs.cols; ++col) {
      const size_t i = static_cast<size_t>(row) * costs.cols + col;
      const motion::BlockMotion& motion = costs.field->at(col, row);
      for (int r = 0; r < 2; ++r) {
        if (!motion.uses(r) || refs[r] == nullptr) continue;
        const double kept = std::min(1.0, own / (costs.error[i] + theirs[r]));
        const double share = motion.refs == 3 ? kPairShare : 1;
        HandOn(costs, col, row, motion.mv[r], static_cast<float>(frame.worth[i] * kept * share),
               &refs[r]->worth);
      }
    }
  }
}

// Mean over the blocks, weighted by how much of them is coded at all.
double MeanWorth(const StepLaw& step_law, const PropagationFrame& frame) {
  const double own = CodingError(step_law, frame.qp);
  double sum = 0;
  double weights = 0;
  for (size_t i = 0; i < frame.worth.size(); ++i) {
    const double error = frame.costs->error[i];
    const double weight = (error + 1e-3) / (error + own);
    sum += weight * frame.worth[i];
    weights += weight;
  }
  return weights > 0 ? sum / weights : 1;
}

// Worths with `more` added to the last anchor's blocks.
void Accumulate(const StepLaw& step_law, float more, std::vector<PropagationFrame>* frames) {
  std::map<int, PropagationFrame*> by_display;
  PropagationFrame* last_anchor = nullptr;
  for (PropagationFrame& frame : *frames) {
    frame.worth = frame.costs->weight;
    if (frame.worth.empty()) frame.worth.assign(frame.costs->error.size(), 1.0f);
    by_display[frame.plan.display] = &frame;
    if (frame.plan.level == 0) last_anchor = &frame;
  }
  if (last_anchor != nullptr) {
    for (float& w : last_anchor->worth) w += more;
  }
  for (auto it = frames->rbegin(); it != frames->rend(); ++it) {
    if (it->costs->field == nullptr) continue;
    PropagationFrame* refs[2] = {};
    for (int r = 0; r < 2; ++r) {
      const auto found = by_display.find(it->plan.ref_display[r]);
      if (found != by_display.end()) refs[r] = found->second;
    }
    HandOnFrame(step_law, *it, refs);
  }
}

// Adds up worths with the QPs that the frames have. `following` as in Propagate.
void AccumulateAll(const StepLaw& step_law, double following,
                   std::vector<PropagationFrame>* frames) {
  Accumulate(step_law, 0, frames);
  if (following <= 0) return;
  double sum = 0;
  const PropagationFrame& first = frames->front();
  for (float w : first.worth) sum += w - 1;
  const double mean = sum / static_cast<double>(first.worth.size());
  Accumulate(step_law, static_cast<float>(mean * std::min(following, 1.0)), frames);
}

}  // namespace

void Propagate(const StepLaw& step_law, double base_qp, double following,
               std::vector<PropagationFrame>* frames) {
  if (frames->empty()) return;
  for (PropagationFrame& frame : *frames) frame.qp = FrameQp(base_qp, frame.plan, false);
  AccumulateAll(step_law, following, frames);
  for (PropagationFrame& frame : *frames) {
    const double mean = std::log2(MeanWorth(step_law, frame));
    const double offset = kLeafOffset - kStrength * mean;
    frame.qp = RoundQp(base_qp + std::clamp(offset, kLowestOffset, kLeafOffset));
    frame.qp_map = BlockQps(*frame.costs, frame.worth, mean, frame.qp);
  }
}

}  // namespace furl
