// One frame of the vq family, both ways: passes over the top grid, what they say of the bottom
// grid, passes over that, then the synthesis. Encoder and decoder run the same steps and differ
// only in where entries come from.

#ifndef FURL_CODEC_FAMILIES_VQ_FRAME_CODEC_H_
#define FURL_CODEC_FAMILIES_VQ_FRAME_CODEC_H_

#include <memory>
#include <span>
#include <vector>

#include "codec/common/family.h"
#include "codec/families/vq/significance.h"
#include "codec/families/vq/vq_nets.h"
#include "codec/latents/filter_step.h"

namespace furl::vq {

// What is known of a slice of a vector when its entry is due.
struct Slice {
  const Grid& grid;
  int stage;
  int slice;
  int y, x;                         // of the vector
  int step;                         // StepOf the position's QP
  const int16_t* latent;            // the whole vector so far, of grid.width numbers
  std::span<const int16_t> logits;  // of the entries
  AdaptiveBit* significance;        // 1: there is an entry
};

// Where the entries of a frame come from: a stream, or the encoder's choice.
class EntrySource {
 public:
  virtual ~EntrySource() = default;
  // An entry of the slice's codebook, or -1: nothing is added, now and in later stages.
  virtual int Next(const Slice& slice) = 0;
};

// A grid of one frame in flight.
struct GridState {
  Status Prepare(const Grid& grid, int height, int width, int rows, int columns);
  static uint64_t BytesOf(const Grid& grid, int height, int width, int rows, int columns);

  nn::Tensor features;
  nn::Tensor latent;            // what is expected and sums of entries
  nn::Tensor sums;              // of entries alone, in their units
  nn::Tensor levels;            // u7: LevelOf the sums
  std::vector<uint8_t> counts;  // entries of each slice, position by position
  nn::Tensor logits, significance, offset;
  std::vector<std::unique_ptr<nn::PlanState>> priors;  // of the grid's passes
};

// Working memory of one frame in flight.
class FrameState : public FamilyState {
 public:
  FrameState(int width, int height);

  // Most bytes that a decoder's state of these networks holds.
  static size_t BytesOf(const FrameNets& intra, const FrameNets& inter, int width, int height);

  // Makes what frames of these networks need; gives back what only the other kind does.
  Status Prepare(const FrameNets& nets);

  const int width;
  const int height;
  const int rows;  // of the top grid
  const int columns;

  GridState top, bottom;
  nn::Tensor pred12, diff7;
  nn::Tensor packed;  // residual on the way in, reconstruction on the way out
  FramePtr decoded;   // before the loop filter: 12 bits, its border
  latents::FilterStep filter;
  std::unique_ptr<nn::PlanState> features, expand, synthesis;

 private:
  const FrameNets* nets_ = nullptr;  // that the plans are of
};

// Brings the prediction into the forms that the networks take. Comes first; the state is prepared
// for these networks.
Status SeePrediction(const FrameNets& nets, const FrameTask& task, FrameState* state);

// Gets the entries of both grids from `source` and adds them up into their latents.
Status WalkGrids(const FrameNets& nets, const FrameTask& task, EntrySource* source,
                 FrameState* state);

// The picture of the state's latents and its border, up to the loop filter, into `decoded` (12
// bits).
Status Synthesize(const FrameTask& task, FrameState* state, Frame* decoded);

}  // namespace furl::vq

#endif  // FURL_CODEC_FAMILIES_VQ_FRAME_CODEC_H_
