// The search inside one 64x64 root: vectors, reference choice, merges and
// splits by rate-distortion cost. Part of motion_search.h.

#ifndef FURL_MOTION_SEARCH_BLOCK_SEARCH_H_
#define FURL_MOTION_SEARCH_BLOCK_SEARCH_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "motion/motion_candidates.h"
#include "motion/motion_field.h"
#include "motion/motion_syntax.h"
#include "motion/search/motion_search.h"
#include "motion/search/search_picture.h"

namespace furl::motion {

// Costs count 1/256 bit: the estimated bits (and bits' worth of error) of the
// residual, and the bits of the motion.
using Cost = int64_t;
inline constexpr Cost kNoCost = INT64_MAX / 4;

// What all roots of a frame share. `field` is written, each root its own cells.
struct FrameSearch {
  const SearchSettings& settings;
  const MotionReferences& motion;
  const SearchSource& source;
  std::shared_ptr<const SearchReference> refs[kMaxReferences];
  MotionPrices prices;
  CostCurve curve;
  int64_t sad_scale;   // Cost of 1 of Sad, times 256
  int64_t rate_scale;  // Cost of 1/256 bit, times 256
  Cost good_enough;    // price of the residual, per sample
  // One vector per 32x32 block, from the coarse level.
  std::vector<MotionVector> coarse[kMaxReferences];
  int coarse_cols;
  MotionField* field;
};

class RootSearch {
 public:
  explicit RootSearch(FrameSearch* frame) : frame_(*frame) {}

  // Decides the root at that cell and stores it in the field.
  void Run(int col, int row) { SearchNode({col, row, 1 << (kRootLog2 - kCellLog2)}, {}); }

 private:
  // A block being decided.
  struct Block {
    Block(const FrameSearch& frame, const BlockPlace& place);

    BlockPlace place;
    int x, y, width, height;  // luma samples, clipped to the padded area
    Neighbors neighbors;
    BlockContexts contexts;
    MergeList merges;
    VectorList vectors[kMaxReferences];
  };
  struct Choice {
    BlockMotion motion;
    Cost cost = kNoCost;
    Cost distortion = kNoCost;
  };
  // Vectors of whole samples to start from, all different.
  struct Starts {
    MotionVector v[kVectorCandidates + kMergeCandidates + 3];
    int count = 0;
  };
  // Best vectors of the enclosing block, start points for the parts.
  struct Hints {
    MotionVector mv[kMaxReferences];
    bool known = false;
  };

  Cost SearchNode(const BlockPlace& place, const Hints& hints);
  Choice SearchBlock(const Block& block, Hints* hints);
  void TryMerges(const Block& block, Choice* best);
  Choice SearchVector(const Block& block, int r, const Hints& hints, const Choice& merge);
  Starts ListStarts(const Block& block, int r, const Hints& hints) const;
  MotionVector SearchWhole(const Block& block, int r, const Hints& hints) const;
  void RefineWhole(const Block& block, int r, MotionVector* v, Cost* cost) const;
  void RefineFraction(const Block& block, int r, int step, int rounds, Choice* best) const;
  // `limit` is the cost to beat.
  Choice SearchPair(const Block& block, const Choice one[kMaxReferences], const Choice& merge,
                    Cost limit);
  void RefinePair(const Block& block, Choice* best);
  // So close to the original that neither vectors nor splits can gain much.
  bool IsGoodEnough(const Block& block, const Choice& choice) const;

  Cost Price(int64_t bits256) const { return frame_.rate_scale * bits256 >> 8; }
  int VectorBits(const Block& block, bool both, int r, MotionVector v) const;
  int MotionBits(const Block& block, const BlockMotion& motion) const;
  Cost Distortion(const Block& block, const BlockMotion& motion);
  Cost Compare(const Block& block, Samples a, Samples b) const;

  FrameSearch& frame_;
  alignas(64) uint8_t average_[64 * 64];
};

// Fills frame->coarse[r] by exhaustive search, or from `half_motion` if not null
// (see SearchRequest).
void SearchCoarse(FrameSearch* frame, int r, const MotionField* half_motion, ThreadPool* pool);

}  // namespace furl::motion

#endif  // FURL_MOTION_SEARCH_BLOCK_SEARCH_H_
