// One part (intra or inter) of the transform family as a differentiable function of a
// batch: analysis, hyper-latent, the prior steps, synthesis (docs/hyperprior.md).

#ifndef FURL_TRAIN_HYPERPRIOR_CODEC_MODEL_H_
#define FURL_TRAIN_HYPERPRIOR_CODEC_MODEL_H_

#include <string>
#include <vector>

#include "codec/common/rate_distortion.h"
#include "train/data/batch.h"
#include "train/hyperprior/codec_names.h"
#include "train/network/arch.h"
#include "train/network/graph_module.h"
#include "train/network/params.h"

namespace furl::train::hyperprior {

inline constexpr int kHyperMax = codec::kMaxHyper;

// The quantizer step of the QPs of a batch, [N] to [N], in 8-bit units.
Tensor QuantizerSteps(const Tensor& qp);

// [384] of 1 for luma and the root of kChromaWeight for chroma samples, in packed order, fp64.
Tensor SampleWeights();

// The quantizer step of each latent relative to that of the QP, [384] fp32: 1 over the norm of the
// latent's basis function in PART.synthesis.klt with samples weighted as above, so that errors of
// one step weigh alike in all latents; 1/16..16. All 1 in transforms that were made with these
// weights.
Tensor RelativeSteps(const ParamStore& params, const std::string& part);

struct ForwardOptions {
  RunOptions run;
  bool train_analysis = false;  // let distortion gradients reach the analysis
  bool keep_symbols = false;    // fill Forwarded::symbols
  // Part of the items that keep their hyper-latent; the others get z = 0 free of
  // charge, as the encoder may choose per frame. 0 or 1 in validation.
  double hyper_keep = 1;
  // Distortion of the latents instead of the pixels: all that the rate networks
  // need, at a fraction of the cost. recon stays undefined.
  bool skip_synthesis = false;
};

// [1,1,h,w] of 1 at the positions of a phase, 0 elsewhere.
Tensor PhaseMask(int64_t h, int64_t w, codec::Phase phase, const torch::Device& device);

// The symbols of one prior step, for calibration. All [N, n, h, w].
struct StepSymbols {
  Tensor q;
  Tensor value;  // what was rounded, in steps
  Tensor scale;  // real-valued scale output
  Tensor mask;   // [1, 1, h, w], 1 where the step codes
};

struct Forwarded {
  Tensor bits;        // [N] symbols of the latents
  Tensor hyper_bits;  // [N]
  Tensor recon;       // real units
  Tensor latent_sse;  // [N] in the place of recon, if the synthesis was skipped: 8-bit units
  Tensor z;           // hard, [N, 32, hz, wz]
  std::vector<StepSymbols> symbols;
};

class CodecModel {
 public:
  // part: "intra" or "inter".
  CodecModel(const Architecture& arch, std::string part, ParamStore& params)
      : arch_(arch), part_(std::move(part)), params_(params) {}

  // Adds the entropy model's own parameters at their start values:
  //   PART.z_decay [3, 32] (logarithms), PART.shrink [64, 2] (steps, not trained)
  void InitEntropy();

  Forwarded Run(const Batch& batch, const ForwardOptions& options) const;

  // What the analysis makes of a batch, [N, 384, h, w] in 8-bit units.
  Tensor Latents(const Batch& batch, const ForwardOptions& options) const;

  // What the analysis transform sees of a batch, [N, 384, h, w] in real units:
  // its graph up to the node PART.analysis.klt.
  Tensor TransformInput(const Batch& batch) const;

  const Architecture& arch() const { return arch_; }
  const std::string& part() const { return part_; }

 private:
  // One prior step in plain torch operators; `fused_step.h` has the fast twin.
  struct PlainStep {
    Tensor bits;
    Tensor part;
    StepSymbols symbols;
  };
  // A batch on its way through the prior steps.
  struct Coding {
    Tensor knots;       // of KnotWeights
    Tensor base_step;   // quantizer steps, [N, 1, 1, 1]
    Tensor step;        // of each latent, [N, 384, 1, 1]
    Tensor normalized;  // latents in steps
    Tensor trunk;
    Tensor context;  // of the last step's symbols
    Tensor bits;
    std::vector<Tensor> recon;  // decoded so far, in steps, by the first prior step of each group
  };
  void RunPriorInit(const Batch& batch, const ForwardOptions& options, Coding& coding,
                    Forwarded& out) const;
  void RunPriorPass(int index, int group, const ForwardOptions& options, Coding& coding,
                    Forwarded& out) const;
  // The step's symbols: sets context, counts bits, returns the latents without offset.
  Tensor CodeSymbols(const Tensor& y, const TensorMap& outputs, const codec::Pass& shape,
                     const ForwardOptions& options, Coding& coding, Forwarded& out) const;
  void Reconstruct(const Batch& batch, const ForwardOptions& options, const Coding& coding,
                   Forwarded& out) const;
  PlainStep CodeStep(const Tensor& y, const Tensor& scale, const Tensor& mean,
                     const codec::Pass& step, const ForwardOptions& options) const;
  Tensor HyperLatent(const Tensor& normalized, const Tensor& knots, const ForwardOptions& options,
                     Forwarded& out) const;
  Tensor HyperDecay(const Tensor& z) const;
  Tensor Dequantized(const Tensor& q, const Tensor& scale, const Tensor& mean) const;
  GraphModule Module(const std::string& graph) const {
    return GraphModule(arch_.graph(part_ + "." + graph), params_);
  }

  const Architecture& arch_;
  std::string part_;
  ParamStore& params_;
};

}  // namespace furl::train::hyperprior

#endif  // FURL_TRAIN_HYPERPRIOR_CODEC_MODEL_H_
