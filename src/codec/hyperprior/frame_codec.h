// One frame of a hyperprior codec, both ways. Encoder and decoder run the same
// steps over the same tensors; they differ only in where symbols come from.

#ifndef FURL_CODEC_HYPERPRIOR_FRAME_CODEC_H_
#define FURL_CODEC_HYPERPRIOR_FRAME_CODEC_H_

#include <array>
#include <memory>
#include <vector>

#include "base/checked_math.h"
#include "codec/common/family.h"
#include "codec/common/pack.h"
#include "codec/hyperprior/frame_nets.h"
#include "codec/latents/filter_step.h"
#include "nn/plan.h"
#include "nn/tensor.h"

namespace furl::hyperprior {

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
};

// Tensors shared by both kinds of frames.
class FrameState : public FamilyState {
 public:
  static Result<std::unique_ptr<FrameState>> Create(int width, int height);

  // Most bytes that a decoder's state of these networks holds.
  static size_t BytesOf(const FrameNets& intra, const FrameNets& inter, int width, int height);

  // The activations of these networks, made on first use.
  Result<NetStates*> StatesOf(const FrameNets& nets, bool intra);

  // Gives the activations of one kind back. Intra frames are rare, and one kind's
  // buffers are a fifth of a decoder's memory: it holds one kind at a time.
  void Release(bool intra) { states_[intra ? 0 : 1] = {}; }

  // A picture of 12 bits with a border, before the loop filter, made on first use.
  Result<Frame*> Decoded() { return MadeOnce(&decoded_); }

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
  nn::Tensor low;     // group 0 of `latent`, zero where not decoded yet
  nn::Tensor packed;  // residual on the way in, reconstruction on the way out
  std::vector<uint8_t> indices;
  std::vector<int16_t> q;
  latents::FilterStep filter;

 protected:
  FrameState(int w, int h) : width(w), height(h), rows(CeilDiv(h, 16)), columns(CeilDiv(w, 16)) {}
  Status Init();  // makes the tensors
  // The picture that `frame` holds, made on the first call: 12 bits, the loop filter's border.
  Result<Frame*> MadeOnce(FramePtr* frame) const;

  // Calls make(tensor, format, height, width, channels), which returns a Status, for all
  // tensors but those that only networks write.
  template <typename Make>
  Status ForEachTensor(const Make& make);

 private:
  NetStates states_[2];
  FramePtr decoded_;
};

// Brings the prediction into the forms that the networks take: pred12, pred7 and diff7. Comes
// before the functions below, once a frame.
void PackPrediction(const FrameTask& task, FrameState* state);

// Runs the entropy model: what a decoder does once it can read symbols. Leaves the frame's
// dequantized latents in state->latent.
Status DecodeLatentTensor(const FrameNets& nets, const FrameTask& task, FrameState* state,
                          SymbolSource* source);

// The same and then synthesis, up to the loop filter. Writes the picture and its border to
// `decoded` (12 bits).
Status ReconstructFrame(const FrameNets& nets, const FrameTask& task, FrameState* state,
                        SymbolSource* source, Frame* decoded);

// Family::ShowLatents: pictures of 48x48 samples (12 bits) around the latent's 16x16.
Status ShowLatents(const FrameNets& nets, std::span<const uint16_t> latents, int amplitude,
                   std::vector<FramePtr>* pictures);

}  // namespace furl::hyperprior

#endif  // FURL_CODEC_HYPERPRIOR_FRAME_CODEC_H_
