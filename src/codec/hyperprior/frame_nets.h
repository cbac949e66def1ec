// The prepared form of a model: networks packed for this CPU, tables checked.

#ifndef FURL_CODEC_HYPERPRIOR_FRAME_NETS_H_
#define FURL_CODEC_HYPERPRIOR_FRAME_NETS_H_

#include <array>
#include <memory>
#include <vector>

#include "base/status.h"
#include "codec/common/family.h"
#include "codec/hyperprior/latent_symbols.h"
#include "entropy/adaptive_bit.h"
#include "entropy/symbol_tables.h"
#include "filter/loop_filter.h"
#include "model/model_file.h"
#include "nn/plan.h"

namespace furl::hyperprior {

// The networks and tables for frames without (intra) or with (inter) references.
struct FrameNets {
  std::shared_ptr<const nn::Plan> prior_init;
  std::array<std::shared_ptr<const nn::Plan>, kNumPasses> prior;
  std::shared_ptr<const nn::Plan> synthesis;

  std::vector<uint16_t> steps;  // of all QPs, see ExtendSteps
  std::vector<int8_t> shrink;   // [quantizers][64][2], 1/64 step
  std::shared_ptr<const SymbolTables> tables;
  // Start models of "z is not 0", by [context][channel].
  std::array<std::array<AdaptiveBit, kHyperChannels>, 3> z_nonzero;

  std::shared_ptr<const filter::LoopFilter> loop_filter;  // null: the model has none

  double decoder_macs_per_pixel = 0;
  double decoder_work_per_pixel = 0;  // nn::WorkPerPixel

  latents::Reconstruction reconstruction() const { return {tables->quantizers(), shrink}; }
  LocalSteps StepsOf(const FrameTask& task) const { return {steps, task.qp, task.qp_map}; }
};

// What a family's analysis takes.
enum class AnalysisInput {
  kResidual,            // the picture minus its prediction
  kResidualPrediction,  // and the prediction beside it
};

// The networks that only an encoder runs.
struct AnalysisNets {
  AnalysisInput input = AnalysisInput::kResidual;
  std::shared_ptr<const nn::Plan> analysis;
  std::shared_ptr<const nn::Plan> hyper_analysis;
  std::vector<uint8_t> similarity;  // encode/similarity_weights.h
};

// Reads the part "intra" or "inter" of a model file. kInvalidStream names
// what is missing or malformed.
Result<std::unique_ptr<FrameNets>> LoadFrameNets(const model::Model& model,
                                                 const std::string& prefix);

// The same for an encoder's networks, which a model stripped for players lacks.
Result<std::unique_ptr<AnalysisNets>> LoadAnalysisNets(const model::Model& model,
                                                       const std::string& prefix,
                                                       AnalysisInput input);

}  // namespace furl::hyperprior

#endif  // FURL_CODEC_HYPERPRIOR_FRAME_NETS_H_
