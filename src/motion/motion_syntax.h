// The coded form of a MotionField: quadtree splits, merges, reference choice and
// vector differences, by adaptive binary models and the range coder.
// docs/motion.md specifies it.

#ifndef FURL_MOTION_MOTION_SYNTAX_H_
#define FURL_MOTION_MOTION_SYNTAX_H_

#include <array>
#include <cstdint>

#include "base/status.h"
#include "entropy/adaptive_symbols.h"
#include "entropy/bit_account.h"
#include "motion/motion_candidates.h"
#include "motion/motion_field.h"

namespace furl::motion {

inline constexpr int kSizes = kRootLog2 - kCellLog2 + 1;  // 8, 16, 32, 64

// Difference of a vector to its prediction; y knows whether x is 0.
struct VectorModel {
  SignedModel<14> x;
  SignedModel<14> y[2];
};

// The adaptive state. The codec begins every frame with a new one, so that frames
// that don't refer to each other can be decoded at once.
struct MotionContexts {
  MotionContexts();

  AdaptiveBit split[kSizes][3];  // by size of the node (8: unused) and smaller neighbours
  AdaptiveBit merge[kSizes][3];  // by size and merged neighbours
  UnaryModel<kMergeCandidates - 1> merge_index[2];  // small (8, 16) and large blocks
  AdaptiveBit both[kSizes][3];  // two references: by size and neighbours with two
  AdaptiveBit second[3];        // reference 1 rather than 0: by neighbours with it
  AdaptiveBit vector_index;
  VectorModel vector[2];  // blocks with one and with two references
};

// Codes `field`, whose distances are set from `refs`, and sets its `merged`
// flags. Fails (kInvalidArgument) only for impossible `refs` or vectors, or a
// field that uses reference 1 of one.
Status WriteMotion(const MotionReferences& refs, MotionField* field, MotionContexts* contexts,
                   RangeEncoder* encoder);

// Reads what WriteMotion wrote. On kInvalidStream (vectors out of range, data
// missing) the field is safe to use but means nothing. `account` gets what each block cost; it may
// be null.
Status ReadMotion(const MotionReferences& refs, MotionField* field, MotionContexts* contexts,
                  RangeDecoder* decoder, BitAccount* account = nullptr);

// Context choices of one block or node.
struct BlockContexts {
  int size_index;  // size_log2 - 3
  int smaller;     // of left and top: how many belong to smaller blocks
  int merged;      // ... are merged
  int both;        // ... use two references
  int second;      // ... use reference 1

  BlockContexts(const Neighbors& neighbors, int size_log2);
};

// Prices in 1/256 bit under a fixed state of the models, for the search. The
// parts of a block's price add up: split flags, merge flag, and then index or
// reference choice, vector indices and differences.
class MotionPrices {
 public:
  explicit MotionPrices(const MotionContexts& contexts, int reference_count);

  int Split(const BlockContexts& c, bool split) const {
    return split_[c.size_index][c.smaller][split];
  }
  int Merge(const BlockContexts& c, bool merge) const {
    return merge_[c.size_index][c.merged][merge];
  }
  int MergeIndex(const BlockContexts& c, int index) const {
    return merge_index_[c.size_index >= 2][index];
  }
  int References(const BlockContexts& c, int refs) const {
    return references_[c.size_index][c.both][c.second][refs];
  }
  int VectorIndex(int index) const { return vector_index_[index]; }
  // A difference of (x, y) quarter samples in a block with one or two references.
  int Vector(bool both, int x, int y) const {
    return Component(x_[both], x) + Component(y_[both][x != 0], y);
  }

 private:
  static constexpr int kNear = 128;  // differences below have their own entry
  struct ComponentPrices {
    std::array<int32_t, kNear> near;  // by magnitude, signs averaged
    std::array<int32_t, 16> far;      // by bit width of the magnitude
  };
  static int Component(const ComponentPrices& prices, int v);
  static void Fill(const SignedModel<14>& model, ComponentPrices* prices);

  int32_t split_[kSizes][3][2];
  int32_t merge_[kSizes][3][2];
  int32_t merge_index_[2][kMergeCandidates];
  int32_t references_[kSizes][3][3][4];
  int32_t vector_index_[2];
  ComponentPrices x_[2];
  ComponentPrices y_[2][2];
};

}  // namespace furl::motion

#endif  // FURL_MOTION_MOTION_SYNTAX_H_
