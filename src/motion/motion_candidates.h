// Motion that a block can inherit or predict from: its coded neighbours and the
// motion fields of its references. Part of the syntax: writer, reader and search
// share it, and docs/motion.md specifies it.

#ifndef FURL_MOTION_MOTION_CANDIDATES_H_
#define FURL_MOTION_MOTION_CANDIDATES_H_

#include "base/status.h"
#include "motion/motion_field.h"

namespace furl::motion {

inline constexpr int kMergeCandidates = 6;
inline constexpr int kVectorCandidates = 2;

// What is known about the references of the frame being coded.
struct MotionReferences {
  int count = 1;                          // 1 or 2
  int distance[kMaxReferences] = {1, 1};  // as MotionField::distance
  // The fields the references were coded with; null where one was coded without
  // motion or its field is not kept. Writer and reader must agree.
  const MotionField* field[kMaxReferences] = {nullptr, nullptr};
};

// kInvalidArgument where counts, distances or sizes are impossible.
Status CheckReferences(const MotionReferences& refs, const MotionField& field);

// A square block of `size` cells at the cell (col, row).
struct BlockPlace {
  int col, row, size;

  int size_log2() const { return kCellLog2 + (size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : 3); }
};

// The decided neighbours of a block, null where outside the picture or later in
// coding order (64x64 blocks in raster order, inside them the quadtree's).
struct Neighbors {
  Neighbors(const MotionField& field, const BlockPlace& place);

  const BlockMotion* left;  // beside the bottom row of the block
  const BlockMotion* top;   // above the last column
  const BlockMotion* top_right;
  const BlockMotion* bottom_left;
  const BlockMotion* top_left;
};

struct MergeList {
  BlockMotion candidate[kMergeCandidates];  // only motion (refs, mv) is meant
};

// Fills all kMergeCandidates entries; the distinct ones come first.
void ListMergeCandidates(const MotionField& field, const BlockPlace& place,
                         const Neighbors& neighbors, const MotionReferences& refs, MergeList* list);

struct VectorList {
  MotionVector candidate[kVectorCandidates];
};

// Predictions of the vector to reference r.
void ListVectorCandidates(const MotionField& field, const BlockPlace& place,
                          const Neighbors& neighbors, const MotionReferences& refs, int r,
                          VectorList* list);

// v * to / from, rounded to nearest (halves away from zero) and clamped to
// +-kMaxVector. `from` is not 0.
MotionVector ScaleVector(MotionVector v, int to, int from);

}  // namespace furl::motion

#endif  // FURL_MOTION_MOTION_CANDIDATES_H_
