// What only an encoder does first: the analysis networks, and the distances that
// quantization starts from.

#ifndef FURL_CODEC_HYPERPRIOR_ENCODE_ANALYSIS_H_
#define FURL_CODEC_HYPERPRIOR_ENCODE_ANALYSIS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "codec/hyperprior/frame_codec.h"
#include "codec/hyperprior/frame_nets.h"

namespace furl::hyperprior {

// What an encoder runs for intra or for inter frames; both borrowed, not null.
struct EncoderNets {
  const FrameNets* frame;
  const AnalysisNets* analysis;
};

// The activations of the analysis networks.
struct AnalysisStates {
  std::unique_ptr<nn::PlanState> analysis;
  std::unique_ptr<nn::PlanState> hyper_analysis;
};

// A decoder's working memory and what an encoder needs beside it.
class EncoderState : public FrameState {
 public:
  static Result<std::unique_ptr<EncoderState>> Create(int width, int height);

  // Made on first use.
  Result<AnalysisStates*> AnalysisStatesOf(const AnalysisNets& nets, bool intra);

  // A second picture like Decoded(), for another attempt at the same frame.
  Result<Frame*> OtherDecoded() { return MadeOnce(&other_decoded_); }

  nn::Tensor target;   // analysis output
  nn::Tensor symbols;  // input of hyper_analysis

 private:
  using FrameState::FrameState;
  AnalysisStates analysis_states_[2];
  FramePtr other_decoded_;
};

// Packs the prediction, and sets target = analysis(original - prediction[, prediction]) and
// z = hyper_analysis of its symbols.
Status AnalyzeFrame(const EncoderNets& nets, const FrameTask& task, const Frame& original,
                    EncoderState* state);

// How far the latents of a pass lie from their means, in coding order and 1/64
// of their Delta. Expectations and Delta are local; `latent` is the analysis output.
void MeasureDistances(const Pass& pass, const LocalSteps& steps, const Expectation& expected,
                      const nn::Tensor& latent, std::vector<int32_t>* distance64);

}  // namespace furl::hyperprior

#endif  // FURL_CODEC_HYPERPRIOR_ENCODE_ANALYSIS_H_
