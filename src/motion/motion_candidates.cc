#include "motion/motion_candidates.h"

#include <algorithm>
#include <cstdlib>

namespace furl::motion {
namespace {

constexpr int kRootShift = kRootLog2 - kCellLog2;
constexpr int kRootMask = (1 << kRootShift) - 1;

// Position of a cell in the quadtree order of its 64x64 block.
int QuadtreeOrder(int col, int row) {
  int order = 0;
  for (int bit = 0; bit < kRootShift; ++bit) {
    order |= (col >> bit & 1) << (2 * bit) | (row >> bit & 1) << (2 * bit + 1);
  }
  return order;
}

// The cell (col, row) if it is inside and decided before `place`.
const BlockMotion* Decided(const MotionField& field, const BlockPlace& place, int col, int row) {
  if (col < 0 || row < 0 || col >= field.cols() || row >= field.rows()) return nullptr;
  const int root_row = row >> kRootShift;
  const int own_root_row = place.row >> kRootShift;
  const int root_col = col >> kRootShift;
  const int own_root_col = place.col >> kRootShift;
  if (root_row == own_root_row && root_col == own_root_col) {
    const int order = QuadtreeOrder(col & kRootMask, row & kRootMask);
    if (order >= QuadtreeOrder(place.col & kRootMask, place.row & kRootMask)) return nullptr;
  } else if (root_row > own_root_row || (root_row == own_root_row && root_col > own_root_col)) {
    return nullptr;
  }
  return &field.at(col, row);
}

int16_t ScaleComponent(int v, int to, int from) {
  const int product = v * to * (from < 0 ? -1 : 1);
  const int divisor = std::abs(from);
  const int magnitude = (2 * std::abs(product) + divisor) / (2 * divisor);
  return static_cast<int16_t>(std::min(magnitude, kMaxVector) * (product < 0 ? -1 : 1));
}

// The displacement over time that field `source` of a reference recorded at a
// cell: a vector and the distance it spans.
struct Track {
  MotionVector mv;
  int distance = 0;  // 0: none
};

Track TrackAt(const MotionField* source, int col, int row) {
  if (source == nullptr || col >= source->cols() || row >= source->rows()) return {};
  const BlockMotion& cell = source->at(col, row);
  int r = cell.uses(0) ? 0 : 1;
  if (cell.refs == 3 && std::abs(source->distance[1]) < std::abs(source->distance[0])) r = 1;
  return {cell.mv[r], source->distance[r]};
}

// The four places where temporal motion is looked up, in order: at the centre
// and behind the bottom right corner, in the field of reference 1, then 0.
template <typename Body>
void ForEachTrack(const MotionField& field, const BlockPlace& place, const MotionReferences& refs,
                  const Body& body) {
  const int half = place.size / 2;
  const int col[2] = {std::min(place.col + half, field.cols() - 1), place.col + place.size};
  const int row[2] = {std::min(place.row + half, field.rows() - 1), place.row + place.size};
  for (int i = 0; i < 2; ++i) {
    for (int r = refs.count - 1; r >= 0; --r) {
      const Track track = TrackAt(refs.field[r], col[i], row[i]);
      if (track.distance != 0 && body(track)) return;
    }
  }
}

// Collects distinct motions up to the size of the list.
class MergeBuilder {
 public:
  explicit MergeBuilder(MergeList* list) : list_(list) {}
  int count() const { return count_; }
  bool full() const { return count_ == kMergeCandidates; }

  void Add(const BlockMotion& motion) {
    if (full()) return;
    for (int i = 0; i < count_; ++i) {
      if (list_->candidate[i].SameMotion(motion)) return;
    }
    BlockMotion& entry = list_->candidate[count_++];
    entry = BlockMotion();
    entry.refs = motion.refs;
    std::copy_n(motion.mv, kMaxReferences, entry.mv);
  }

  void Fill() {
    for (; count_ < kMergeCandidates; ++count_) list_->candidate[count_] = list_->candidate[0];
  }

 private:
  MergeList* list_;
  int count_ = 0;
};

// References on both sides of the frame in time.
bool IsBetween(const MotionReferences& refs) {
  return refs.count == 2 && (refs.distance[0] < 0) != (refs.distance[1] < 0);
}

BlockMotion FromTrack(const Track& track, const MotionReferences& refs) {
  BlockMotion motion;
  motion.mv[0] = ScaleVector(track.mv, refs.distance[0], track.distance);
  if (IsBetween(refs)) {
    motion.refs = 3;
    motion.mv[1] = ScaleVector(track.mv, refs.distance[1], track.distance);
  }
  return motion;
}

// Pairs the first vector to reference 0 with the first one to reference 1.
void AddCombination(MergeBuilder* builder, const MergeList& list) {
  BlockMotion both;
  both.refs = 0;
  for (int i = 0; i < builder->count(); ++i) {
    for (int r = 0; r < kMaxReferences; ++r) {
      if (!list.candidate[i].uses(r) || both.uses(r)) continue;
      both.mv[r] = list.candidate[i].mv[r];
      both.refs |= 1 << r;
    }
  }
  if (both.refs == 3) builder->Add(both);
}

void AddZeros(MergeBuilder* builder, const MotionReferences& refs) {
  BlockMotion zero;
  if (refs.count == 2) {
    zero.refs = 3;
    builder->Add(zero);
  }
  zero.refs = 1;
  builder->Add(zero);
  if (refs.count == 2) {
    zero.refs = 2;
    builder->Add(zero);
  }
}

class VectorBuilder {
 public:
  explicit VectorBuilder(VectorList* list) : list_(list) {}
  bool full() const { return count_ == kVectorCandidates; }

  void Add(MotionVector v) {
    if (full() || (count_ == 1 && list_->candidate[0] == v)) return;
    list_->candidate[count_++] = v;
  }

 private:
  VectorList* list_;
  int count_ = 0;
};

}  // namespace

Status CheckReferences(const MotionReferences& refs, const MotionField& field) {
  if (refs.count < 1 || refs.count > kMaxReferences) {
    return InvalidArgument("motion needs 1 or 2 references");
  }
  for (int r = 0; r < refs.count; ++r) {
    if (refs.distance[r] == 0 || std::abs(refs.distance[r]) > kMaxDistance) {
      return InvalidArgument("impossible reference distance");
    }
    const MotionField* other = refs.field[r];
    if (other != nullptr && (other->cols() != field.cols() || other->rows() != field.rows())) {
      return InvalidArgument("motion field of a reference has another size");
    }
  }
  return OkStatus();
}

Neighbors::Neighbors(const MotionField& field, const BlockPlace& place) {
  const int last_col = std::min(place.col + place.size, field.cols()) - 1;
  const int last_row = std::min(place.row + place.size, field.rows()) - 1;
  left = Decided(field, place, place.col - 1, last_row);
  top = Decided(field, place, last_col, place.row - 1);
  top_right = Decided(field, place, place.col + place.size, place.row - 1);
  bottom_left = Decided(field, place, place.col - 1, place.row + place.size);
  top_left = Decided(field, place, place.col - 1, place.row - 1);
}

MotionVector ScaleVector(MotionVector v, int to, int from) {
  if (to == from) return v;
  return {ScaleComponent(v.x, to, from), ScaleComponent(v.y, to, from)};
}

void ListMergeCandidates(const MotionField& field, const BlockPlace& place,
                         const Neighbors& neighbors, const MotionReferences& refs,
                         MergeList* list) {
  MergeBuilder builder(list);
  for (const BlockMotion* n : {neighbors.left, neighbors.top, neighbors.top_right}) {
    if (n != nullptr) builder.Add(*n);
  }
  int tracks = 0;
  ForEachTrack(field, place, refs, [&](const Track& track) {
    builder.Add(FromTrack(track, refs));
    return ++tracks == 2;
  });
  for (const BlockMotion* n : {neighbors.bottom_left, neighbors.top_left}) {
    if (n != nullptr) builder.Add(*n);
  }
  if (refs.count == 2) AddCombination(&builder, *list);
  AddZeros(&builder, refs);
  builder.Fill();
}

void ListVectorCandidates(const MotionField& field, const BlockPlace& place,
                          const Neighbors& neighbors, const MotionReferences& refs, int r,
                          VectorList* list) {
  VectorBuilder builder(list);
  const BlockMotion* around[] = {neighbors.left, neighbors.top, neighbors.top_right,
                                 neighbors.bottom_left, neighbors.top_left};
  for (const BlockMotion* n : around) {
    if (n != nullptr && n->uses(r)) builder.Add(n->mv[r]);
  }
  for (const BlockMotion* n : around) {
    if (builder.full()) return;
    if (n != nullptr && !n->uses(r)) {
      builder.Add(ScaleVector(n->mv[1 - r], refs.distance[r], refs.distance[1 - r]));
    }
  }
  ForEachTrack(field, place, refs, [&](const Track& track) {
    builder.Add(ScaleVector(track.mv, refs.distance[r], track.distance));
    return builder.full();
  });
  builder.Add(MotionVector());
  // Rarely needed: two that differ by a sample, should all others be equal.
  if (!builder.full()) {
    list->candidate[1] = list->candidate[0];
  }
}

}  // namespace furl::motion
