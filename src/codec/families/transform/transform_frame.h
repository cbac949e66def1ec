// One frame of the transform family, both ways. Encoder and decoder run the same
// steps over the same tensors; they differ only in where symbols come from.

#ifndef FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FRAME_H_
#define FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FRAME_H_

#include <array>
#include <memory>
#include <vector>

#include "base/checked_math.h"
#include "codec/common/family.h"
#include "codec/common/pack.h"
#include "codec/families/transform/transform_nets.h"
#include "nn/plan.h"
#include "nn/tensor.h"

namespace furl::transform {

// Where the symbols of a frame come from: a stream, or the encoder's choice.
class SymbolSource {
 public:
  virtual ~SymbolSource() = default;

  // Fills `z` (-15..15).
  virtual Status HyperLatent(nn::Tensor* z) = 0;

  // Fills `q`, as many as `indices`, for pass number `pass`; 0 where the index
  // is 0.
  virtual Status Symbols(int pass, std::span<const uint8_t> indices, const Expectation& expected,
                         std::vector<int16_t>* q) = 0;
};

// The activations of one kind of frame (intra or inter) for one picture size.
struct NetStates {
  std::unique_ptr<nn::PlanState> prior_init;
  std::array<std::unique_ptr<nn::PlanState>, kNumPasses> prior;
  std::unique_ptr<nn::PlanState> synthesis;
  // Encoder only, made on first use:
  std::unique_ptr<nn::PlanState> analysis;
  std::unique_ptr<nn::PlanState> hyper_analysis;
};

// Tensors shared by both kinds of frames.
class TransformState : public FamilyState {
 public:
  static Result<std::unique_ptr<TransformState>> Create(int width, int height);

  // The activations of these networks, made on first use.
  Result<NetStates*> StatesOf(const FrameNets& nets, bool intra);

  // Gives the activations of one kind back. Intra frames are rare, and one kind's
  // buffers are a fifth of a decoder's memory: it holds one kind at a time.
  void Release(bool intra) { states_[intra ? 0 : 1] = {}; }

  // Pictures of 12 bits with a border, before the loop filter, made on first use. The
  // encoder has a second one for its attempts.
  Result<Frame*> Decoded(int which);

  const int width;
  const int height;
  const int rows;  // of the latent grid
  const int columns;

  nn::Tensor pred12, pred7, diff7;
  nn::Tensor z, z_features;
  nn::Tensor trunk[2];
  nn::Tensor scale, mean, offset;
  std::array<nn::Tensor, kNumPasses - 1> context;  // made by pass s, read by the next graph
  nn::Tensor latent;
  nn::Tensor low;      // group 0 of `latent`, zero where not decoded yet
  nn::Tensor packed;   // residual on the way in, reconstruction on the way out
  nn::Tensor target;   // encoder: analysis output
  nn::Tensor symbols;  // encoder: input of hyper_analysis
  std::vector<uint8_t> indices;
  std::vector<int16_t> q;
  PlaneTriple predicted;           // of inter frames, for the loop filter
  std::vector<uint8_t> block_qps;  // likewise

 private:
  TransformState(int w, int h)
      : width(w), height(h), rows(CeilDiv(h, 16)), columns(CeilDiv(w, 16)) {}
  NetStates states_[2];
  FramePtr decoded_[2];
};

// Runs entropy model and synthesis: what a decoder does once it can read symbols,
// up to the loop filter. Writes the picture and its border to `decoded` (12 bits).
Status ReconstructFrame(const FrameNets& nets, const FrameTask& task, TransformState* state,
                        SymbolSource* source, Frame* decoded);

// What only an encoder does first: target = analysis(original - prediction) and
// z = hyper_analysis of its symbols.
Status AnalyzeFrame(const FrameNets& nets, const FrameTask& task, const Frame& original,
                    TransformState* state);

}  // namespace furl::transform

#endif  // FURL_CODEC_FAMILIES_TRANSFORM_TRANSFORM_FRAME_H_
