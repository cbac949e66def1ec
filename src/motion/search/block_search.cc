#include "motion/search/block_search.h"

#include <algorithm>
#include <cstdlib>

#include "base/checked_math.h"
#include "motion/interpolate.h"

namespace furl::motion {
namespace {

constexpr MotionVector kAround[8] = {{-1, 0},  {1, 0},  {0, -1}, {0, 1},
                                     {-1, -1}, {1, -1}, {-1, 1}, {1, 1}};

MotionVector Moved(MotionVector v, MotionVector direction, int step) {
  return {static_cast<int16_t>(v.x + direction.x * step),
          static_cast<int16_t>(v.y + direction.y * step)};
}

MotionVector ToWhole(MotionVector v) {
  return {static_cast<int16_t>((v.x + 2) & ~3), static_cast<int16_t>((v.y + 2) & ~3)};
}

constexpr int kCoarseBlock = 8;  // coarse samples: 32 luma samples
constexpr int kCoarseGridLog2 = 5;

// Searches for one block of the coarse level.
class CoarseSearch {
 public:
  CoarseSearch(const SearchPlane& source, const SearchPlane& ref, int col, int row)
      : source_(source), ref_(ref) {
    // Blocks at the edge are moved inwards rather than cut.
    x_ = std::max(0, std::min(col * kCoarseBlock, source.width() - kCoarseBlock));
    y_ = std::max(0, std::min(row * kCoarseBlock, source.height() - kCoarseBlock));
    height_ = std::min(kCoarseBlock, source.height());
  }

  // Tries all displacements up to `range` samples around (dx0, dy0).
  void Around(int dx0, int dy0, int range) {
    for (int dy = dy0 - range; dy <= dy0 + range; ++dy) {
      for (int dx = dx0 - range; dx <= dx0 + range; ++dx) Try(dx, dy);
    }
  }

  // The same around a vector in quarter luma samples.
  void Around(MotionVector v, int range) {
    constexpr int kHalf = kScale / 2;
    Around((v.x + kHalf) >> kScaleLog2, (v.y + kHalf) >> kScaleLog2, range);
  }

  MotionVector best() const {
    return {static_cast<int16_t>(dx_ * kScale), static_cast<int16_t>(dy_ * kScale)};
  }

 private:
  static constexpr int kScaleLog2 = 2 + kCoarseLog2;
  static constexpr int kScale = 1 << kScaleLog2;

  void Try(int dx, int dy) {
    if (x_ + dx < -kCoarseBorder || x_ + dx > ref_.width() + kCoarseBorder - kCoarseBlock ||
        y_ + dy < -kCoarseBorder || y_ + dy > ref_.height() + kCoarseBorder - height_) {
      return;
    }
    const uint32_t sad = Sad(source_.at(x_, y_), ref_.at(x_ + dx, y_ + dy), kCoarseBlock, height_);
    const Cost cost = (Cost{sad} << 8) + (std::abs(dx) + std::abs(dy)) * 256;
    if (cost >= cost_) return;
    cost_ = cost;
    dx_ = dx;
    dy_ = dy;
  }

  const SearchPlane& source_;
  const SearchPlane& ref_;
  int x_, y_, height_;
  int dx_ = 0;
  int dy_ = 0;
  Cost cost_ = kNoCost;
};

// What a cell at half size says about the vector to reference r; where it uses
// the other reference only, as if it went on at the same speed.
MotionVector HalfSizeVector(const BlockMotion& cell, const MotionReferences& refs, int r) {
  const int known = cell.uses(r) ? r : 1 - r;
  const auto scaled = [&](int v) {
    v *= 2;
    if (known != r) v = v * refs.distance[r] / refs.distance[known];
    return static_cast<int16_t>(Clamp<int>(v, -kMaxVector, kMaxVector));
  };
  return {scaled(cell.mv[known].x), scaled(cell.mv[known].y)};
}

void SearchFromHalfSize(const MotionField& half, const MotionReferences& refs, int r, int col,
                        int row, CoarseSearch* search) {
  constexpr int kNear = 2;
  const BlockMotion& first =
      half.at(std::min(2 * col, half.cols() - 1), std::min(2 * row, half.rows() - 1));
  search->Around(0, 0, kNear);
  for (int i = 0; i < 4; ++i) {
    const int c = std::min(2 * col + (i & 1), half.cols() - 1);
    const int l = std::min(2 * row + (i >> 1), half.rows() - 1);
    if (i > 0 && half.at(c, l).SameMotion(first)) continue;
    search->Around(HalfSizeVector(half.at(c, l), refs, r), kNear);
  }
}

}  // namespace

RootSearch::Block::Block(const FrameSearch& frame, const BlockPlace& at)
    : place(at),
      x(at.col << kCellLog2),
      y(at.row << kCellLog2),
      width(std::min(at.size << kCellLog2, frame.field->padded_width() - x)),
      height(std::min(at.size << kCellLog2, frame.field->padded_height() - y)),
      neighbors(*frame.field, at),
      contexts(neighbors, at.size_log2()) {
  ListMergeCandidates(*frame.field, place, neighbors, frame.motion, &merges);
  for (int r = 0; r < frame.motion.count; ++r) {
    ListVectorCandidates(*frame.field, place, neighbors, frame.motion, r, &vectors[r]);
  }
}

int RootSearch::VectorBits(const Block& block, bool both, int r, MotionVector v) const {
  int best = INT32_MAX;
  for (int i = 0; i < kVectorCandidates; ++i) {
    const MotionVector p = block.vectors[r].candidate[i];
    best = std::min(
        best, frame_.prices.VectorIndex(i) + frame_.prices.Vector(both, v.x - p.x, v.y - p.y));
  }
  return best;
}

int RootSearch::MotionBits(const Block& block, const BlockMotion& motion) const {
  int bits = frame_.prices.Merge(block.contexts, false) +
             frame_.prices.References(block.contexts, motion.refs);
  for (int r = 0; r < kMaxReferences; ++r) {
    if (motion.uses(r)) bits += VectorBits(block, motion.refs == 3, r, motion.mv[r]);
  }
  return bits;
}

Cost RootSearch::Distortion(const Block& block, const BlockMotion& motion) {
  Samples samples[kMaxReferences];
  for (int r = 0; r < kMaxReferences; ++r) {
    if (!motion.uses(r)) continue;
    const SearchReference& ref = *frame_.refs[r];
    const VectorRange range(ref, block.x, block.y, block.width, block.height);
    samples[r] = ref.Block(block.x, block.y, range.Clamped(motion.mv[r]));
  }
  Samples prediction = samples[motion.refs == 2];
  if (motion.refs == 3) {
    Average(samples[0], samples[1], block.width, block.height, average_, kMaxBlock);
    prediction = {average_, kMaxBlock};
  }
  return Compare(block, frame_.source.luma.at(block.x, block.y), prediction);
}

Cost RootSearch::Compare(const Block& block, Samples a, Samples b) const {
  return Cost{ResidualCost(frame_.curve, a, b, block.width, block.height)} * 4;
}

void RootSearch::TryMerges(const Block& block, Choice* best) {
  const MotionPrices& prices = frame_.prices;
  for (int i = 0; i < kMergeCandidates; ++i) {
    const BlockMotion& motion = block.merges.candidate[i];
    if (i > 0 && motion.SameMotion(block.merges.candidate[0])) continue;  // filling
    const int bits = prices.Merge(block.contexts, true) + prices.MergeIndex(block.contexts, i);
    const Cost distortion = Distortion(block, motion);
    const Cost cost = distortion + Price(bits);
    if (cost < best->cost) *best = {motion, cost, distortion};
  }
}

// Descends by whole samples from *v, by Sad.
void RootSearch::RefineWhole(const Block& block, int r, MotionVector* v, Cost* cost) const {
  const SearchReference& ref = *frame_.refs[r];
  const VectorRange range(ref, block.x, block.y, block.width, block.height);
  const Samples source = frame_.source.luma.at(block.x, block.y);
  int from = -1;  // direction of the last move
  for (int step = 0; step < frame_.settings.integer_steps; ++step) {
    int best = -1;
    for (int i = 0; i < 4; ++i) {
      if (from >= 0 && i == (from ^ 1)) continue;
      const MotionVector to = Moved(*v, kAround[i], 4);
      if (!range.Contains(to)) continue;
      const Cost c = (frame_.sad_scale *
                          Sad(source, ref.Block(block.x, block.y, to), block.width, block.height) >>
                      8) +
                     Price(VectorBits(block, false, r, to));
      if (c < *cost) {
        *cost = c;
        best = i;
      }
    }
    if (best < 0) return;
    *v = Moved(*v, kAround[best], 4);
    from = best;
  }
}

void RootSearch::RefineFraction(const Block& block, int r, int step, int rounds,
                                Choice* best) const {
  const SearchReference& ref = *frame_.refs[r];
  const VectorRange range(ref, block.x, block.y, block.width, block.height);
  const Samples source = frame_.source.luma.at(block.x, block.y);
  int back = -1;  // where the last move came from, when directions are 4
  for (int round = 0; round < rounds; ++round) {
    const MotionVector center = best->motion.mv[r];
    const int skipped = back;
    for (int i = 0; i < frame_.settings.directions; ++i) {
      const MotionVector v = Moved(center, kAround[i], step);
      if (i == skipped || !range.Contains(v)) continue;
      const Cost distortion = Compare(block, source, ref.Block(block.x, block.y, v));
      const Cost cost = distortion + Price(VectorBits(block, false, r, v));
      if (cost >= best->cost) continue;
      best->motion.mv[r] = v;
      best->cost = cost;
      best->distortion = distortion;
      back = frame_.settings.directions == 4 ? i ^ 1 : -1;
    }
    if (best->motion.mv[r] == center) return;
  }
}

RootSearch::Starts RootSearch::ListStarts(const Block& block, int r, const Hints& hints) const {
  const VectorRange range(*frame_.refs[r], block.x, block.y, block.width, block.height);
  Starts starts;
  const auto add = [&](MotionVector v) {
    v = ToWhole(range.Clamped(v));
    if (!range.Contains(v)) v = MotionVector();
    MotionVector* end = starts.v + starts.count;
    if (std::find(starts.v, end, v) == end) starts.v[starts.count++] = v;
  };
  for (const MotionVector& v : block.vectors[r].candidate) add(v);
  for (const BlockMotion& m : block.merges.candidate) {
    if (m.uses(r)) add(m.mv[r]);
  }
  const int center_x = block.x + block.width / 2;
  const int center_y = block.y + block.height / 2;
  add(frame_.coarse[r][(center_y >> kCoarseGridLog2) * frame_.coarse_cols +
                       (center_x >> kCoarseGridLog2)]);
  if (hints.known) add(hints.mv[r]);
  add(MotionVector());
  return starts;
}

// The best start, and from there downhill.
MotionVector RootSearch::SearchWhole(const Block& block, int r, const Hints& hints) const {
  const SearchReference& ref = *frame_.refs[r];
  const Samples source = frame_.source.luma.at(block.x, block.y);
  const Starts starts = ListStarts(block, r, hints);
  MotionVector best;
  Cost cost = kNoCost;
  for (int i = 0; i < starts.count; ++i) {
    const Samples samples = ref.Block(block.x, block.y, starts.v[i]);
    const Cost c = (frame_.sad_scale * Sad(source, samples, block.width, block.height) >> 8) +
                   Price(VectorBits(block, false, r, starts.v[i]));
    if (c < cost) {
      cost = c;
      best = starts.v[i];
    }
  }
  RefineWhole(block, r, &best, &cost);
  return best;
}

RootSearch::Choice RootSearch::SearchVector(const Block& block, int r, const Hints& hints,
                                            const Choice& merge) {
  const VectorRange range(*frame_.refs[r], block.x, block.y, block.width, block.height);
  const MotionVector v = SearchWhole(block, r, hints);
  Choice best;
  best.motion.refs = static_cast<uint8_t>(1 << r);
  best.motion.mv[r] = v;
  best.distortion = Distortion(block, best.motion);
  best.cost = best.distortion + Price(VectorBits(block, false, r, v));
  // A merge that already does better is a better place to refine.
  if (merge.motion.refs == 1 << r && range.Contains(merge.motion.mv[r])) {
    const Cost c = merge.distortion + Price(VectorBits(block, false, r, merge.motion.mv[r]));
    if (c < best.cost) best = {merge.motion, c, merge.distortion};
  }
  RefineFraction(block, r, 2, frame_.settings.half_rounds, &best);
  RefineFraction(block, r, 1, frame_.settings.quarter_rounds, &best);
  best.cost = best.distortion + Price(MotionBits(block, best.motion));
  return best;
}

void RootSearch::RefinePair(const Block& block, Choice* best) {
  int idle = 0;  // rounds without a move; both vectors take turns
  for (int round = 0; round < 2 * frame_.settings.joint_rounds && idle < 2; ++round) {
    const int r = (round + 1) & 1;
    const VectorRange range(*frame_.refs[r], block.x, block.y, block.width, block.height);
    const MotionVector center = best->motion.mv[r];
    for (int i = 0; i < frame_.settings.directions; ++i) {
      BlockMotion motion = best->motion;
      motion.mv[r] = Moved(center, kAround[i], 1);
      if (!range.Contains(motion.mv[r])) continue;
      const Cost distortion = Distortion(block, motion);
      const Cost cost = distortion + Price(MotionBits(block, motion));
      if (cost < best->cost) *best = {motion, cost, distortion};
    }
    idle = best->motion.mv[r] == center ? idle + 1 : 0;
  }
}

RootSearch::Choice RootSearch::SearchPair(const Block& block, const Choice one[kMaxReferences],
                                          const Choice& merge, Cost limit) {
  Choice best;
  best.motion.refs = 3;
  for (int r = 0; r < kMaxReferences; ++r) best.motion.mv[r] = one[r].motion.mv[r];
  best.distortion = Distortion(block, best.motion);
  best.cost = best.distortion + Price(MotionBits(block, best.motion));
  if (merge.motion.refs == 3) {
    const Cost cost = merge.distortion + Price(MotionBits(block, merge.motion));
    if (cost < best.cost) best = {merge.motion, cost, merge.distortion};
  }
  // Refinement gains little: what is far behind stays behind.
  if (best.cost < limit + limit / 8) RefinePair(block, &best);
  return best;
}

bool RootSearch::IsGoodEnough(const Block& block, const Choice& choice) const {
  return choice.distortion < frame_.good_enough * block.width * block.height;
}

RootSearch::Choice RootSearch::SearchBlock(const Block& block, Hints* hints) {
  Choice best;
  TryMerges(block, &best);
  if (IsGoodEnough(block, best)) return best;
  const Choice merge = best;
  Choice one[kMaxReferences];
  for (int r = 0; r < frame_.motion.count; ++r) {
    one[r] = SearchVector(block, r, *hints, merge);
    if (one[r].cost < best.cost) best = one[r];
  }
  for (int r = 0; r < frame_.motion.count; ++r) hints->mv[r] = one[r].motion.mv[r];
  hints->known = true;
  if (frame_.motion.count == 2) {
    const Choice pair = SearchPair(block, one, merge, best.cost);
    if (pair.cost < best.cost) best = pair;
  }
  return best;
}

Cost RootSearch::SearchNode(const BlockPlace& place, const Hints& parent) {
  MotionField& field = *frame_.field;
  if (place.col >= field.cols() || place.row >= field.rows()) return 0;
  const Block block(frame_, place);
  Hints hints = parent;
  Choice whole = SearchBlock(block, &hints);
  whole.motion.size_log2 = static_cast<uint8_t>(place.size_log2());
  whole.motion.merged = false;
  for (const BlockMotion& m : block.merges.candidate) {
    if (m.SameMotion(whole.motion)) whole.motion.merged = true;
  }
  if (place.size_log2() > frame_.settings.min_size_log2 && !IsGoodEnough(block, whole)) {
    const Cost cost = whole.cost + Price(frame_.prices.Split(block.contexts, false));
    Cost split = Price(frame_.prices.Split(block.contexts, true));
    const int half = place.size / 2;
    for (int i = 0; i < 4 && split < cost; ++i) {
      split += SearchNode({place.col + (i & 1) * half, place.row + (i >> 1) * half, half}, hints);
    }
    if (split < cost) return split;
  }
  whole.cost += Price(frame_.prices.Split(block.contexts, false));
  field.SetBlock(place.col, place.row, whole.motion);
  return whole.cost;
}

void SearchCoarse(FrameSearch* frame, int r, const MotionField* half_motion, ThreadPool* pool) {
  const SearchPlane& source = frame->source.coarse;
  const SearchPlane& ref = frame->refs[r]->coarse;
  const int rows = CeilDiv(frame->field->padded_height(), 1 << kCoarseGridLog2);
  const int range = std::min(frame->settings.coarse_range, kCoarseBorder - kCoarseBlock);
  frame->coarse[r].resize(static_cast<size_t>(rows) * frame->coarse_cols);
  if (source.width() < kCoarseBlock) return;  // narrower than 32: zero vectors
  ParallelFor(pool, rows, [&](int row) {
    for (int col = 0; col < frame->coarse_cols; ++col) {
      CoarseSearch search(source, ref, col, row);
      if (half_motion != nullptr) {
        SearchFromHalfSize(*half_motion, frame->motion, r, col, row, &search);
      } else {
        search.Around(0, 0, range);
      }
      frame->coarse[r][row * frame->coarse_cols + col] = search.best();
    }
  });
}

}  // namespace furl::motion
