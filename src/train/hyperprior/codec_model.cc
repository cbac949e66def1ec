#include "train/hyperprior/codec_model.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "codec/common/rate_distortion.h"
#include "train/hyperprior/entropy_model.h"
#include "train/hyperprior/fused_step.h"
#include "train/losses/planes.h"
#include "train/network/quantize.h"

namespace furl::train::hyperprior {
namespace {

using torch::indexing::Slice;

constexpr double kMeanUnit = kS16Unit / 64;   // quantization steps of a real mean of 1.0
constexpr double kHyperUnit = kS16Unit / 32;  // of z, likewise

// T of docs/hyperprior.md with the gradient of the smooth logarithm.
Tensor CompandThrough(const Tensor& magnitude) {
  const auto smooth = torch::log1p(magnitude) * (24.0 / kU7Unit / 0.6931471805599453);
  return smooth + (Compand(magnitude) - smooth).detach();
}

Tensor Shifted(const Tensor& x, int64_t down, int64_t right) {
  const auto padded = torch::constant_pad_nd(x, {right, 0, down, 0});
  return padded.index({Slice(), Slice(), Slice(0, x.size(2)), Slice(0, x.size(3))});
}

Tensor ClampLatents(const Tensor& y) {
  return torch::clamp(y, -codec::kMaxLatent, codec::kMaxLatent);
}

// The decoded latents of group 0 as the prior steps get them; no gradient.
Tensor LowLatents(const Tensor& recon, const Tensor& step) {
  return ClampLatents(recon.detach() * step) / kS16Unit;
}

}  // namespace

Tensor PhaseMask(int64_t h, int64_t w, codec::Phase phase, const torch::Device& device) {
  // Asked for again and again; copying one to a GPU would make it wait.
  static std::mutex mutex;
  static std::map<std::tuple<int64_t, int64_t, codec::Phase, std::string>, Tensor> known;
  const std::lock_guard lock(mutex);
  Tensor& mask = known[{h, w, phase, device.str()}];
  if (mask.defined()) return mask;
  const codec::Pass step = {0, 0, phase, false};
  auto marked = torch::zeros({1, 1, h, w});
  codec::ForEachPosition(step, static_cast<int>(h), static_cast<int>(w),
                         [&](int y, int x) { marked.data_ptr<float>()[y * w + x] = 1; });
  mask = marked.to(device);
  return mask;
}

Tensor QuantizerSteps(const Tensor& qp) {
  return codec::kStepLaw.at_qp0 *
         torch::exp2(qp.to(torch::kFloat32) / codec::kStepLaw.qps_per_doubling);
}

Tensor SampleWeights() {
  auto one = torch::ones({kPackedChannels}, torch::kFloat64);
  one.index_put_({Slice(64, kPackedChannels)}, std::sqrt(kChromaWeight));
  return one.repeat({4});
}

Tensor RelativeSteps(const ParamStore& params, const std::string& part) {
  constexpr double kMost = 16;  // either way
  const auto basis = params.Get(part + ".synthesis.klt.weight").detach().flatten(1);
  const auto weights = SampleWeights().to(params.device()).to(torch::kFloat32).unsqueeze(1);
  // A pixel of 1.0 is 1/16 of a latent of 1.0.
  return torch::clamp(16 / (basis * weights).norm(2, 0), 1 / kMost, kMost);
}

void CodecModel::InitEntropy() {
  params_.Set(part_ + ".z_decay", torch::zeros({3, kHyperChannels}));
  params_.Set(part_ + ".shrink", torch::zeros({kScaleCount, 2}));
  params_.SetTrainable(part_ + ".shrink", false);
}

Tensor CodecModel::Latents(const Batch& batch, const ForwardOptions& options) const {
  torch::AutoGradMode grad(options.train_analysis && torch::GradMode::is_enabled());
  const int64_t h = batch.original.size(2) / 2;
  const int64_t w = batch.original.size(3) / 2;
  const auto out = Module("analysis")
                       .Run({{"residual", batch.original - batch.pred}, {"pred", batch.pred}},
                            KnotWeights(batch.qp), h, w, options.run);
  const auto y = ClampLatents(out.at("latent") * kS16Unit);
  return options.run.fake_quant ? RoundThrough(y) : y;
}

Tensor CodecModel::TransformInput(const Batch& batch) const {
  ArchGraph graph = arch_.graph(part_ + ".analysis");
  const auto klt = std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const ArchNode& node) {
    return node.name == part_ + ".analysis.klt";
  });
  graph.outputs = {klt->in[0]};
  graph.nodes.erase(klt, graph.nodes.end());
  return GraphModule(graph, params_)
      .Run({{"residual", batch.original - batch.pred}}, KnotWeights(batch.qp),
           batch.original.size(2) / 2, batch.original.size(3) / 2, {})
      .at(graph.outputs[0]);
}

Tensor CodecModel::HyperDecay(const Tensor& z) const {
  const auto used = (z != 0).to(torch::kFloat32);
  const auto context = Shifted(used, 0, 1) + Shifted(used, 1, 0);
  const auto decay = torch::exp(params_.Get(part_ + ".z_decay"));
  Tensor sum;
  for (int k = 0; k < 3; ++k) {
    const auto part = (context == k).to(torch::kFloat32) * decay[k].reshape({1, -1, 1, 1});
    sum = k == 0 ? part : sum + part;
  }
  return sum;
}

Tensor CodecModel::HyperLatent(const Tensor& normalized, const Tensor& knots,
                               const ForwardOptions& options, Forwarded& out) const {
  const auto q0 = torch::round(normalized.detach());
  const auto group0 = q0.index({Slice(), Slice(0, 32)});
  const auto symbols = torch::cat({SignedContext(group0), Compand(q0.abs())}, 1);
  const auto raw = Module("hyper_analysis")
                       .Run({{"symbols", symbols}}, knots, q0.size(2), q0.size(3), options.run)
                       .at("z") *
                   kHyperUnit;
  const auto bounded = ClampInward(raw, -kHyperMax, kHyperMax);
  auto z = RoundThrough(bounded);
  auto kept = torch::ones({z.size(0)}, z.options());
  if (options.hyper_keep < 1) kept = (torch::rand_like(kept) < options.hyper_keep).to(z.dtype());
  z = z * kept.reshape({-1, 1, 1, 1});
  out.z = z.detach();
  out.hyper_bits = kept * SumItems(SymbolBits(out.z, bounded, HyperDecay(out.z), 0.5));
  return torch::cat(
      {CompandThrough(torch::clamp_min(z, 0.0)), CompandThrough(torch::clamp_min(-z, 0.0))}, 1);
}

Tensor CodecModel::Dequantized(const Tensor& q, const Tensor& scale, const Tensor& mean) const {
  const auto index = torch::clamp(torch::floor(torch::round(scale.detach() * kU7Unit) / 2), 0, 63);
  const auto magnitude = q.abs();
  const auto row = (index * 2 + (magnitude > 1.5).to(torch::kFloat32)).to(torch::kLong);
  const auto table = params_.Get(part_ + ".shrink").detach().flatten();
  const auto shrink = table.index_select(0, row.flatten()).reshape(q.sizes());
  return q - torch::sign(q) * shrink + mean;
}

CodecModel::PlainStep CodecModel::CodeStep(const Tensor& y, const Tensor& scale, const Tensor& mean,
                                           const codec::Pass& step,
                                           const ForwardOptions& options) const {
  const int64_t h = y.size(2);
  const int64_t w = y.size(3);
  const auto value = y - mean;
  const auto decay = DecayOfScale(scale);
  const auto mask = PhaseMask(h, w, step.phase, params_.device());
  const auto ideal = RoundRateDistortion(value.detach(), decay.detach(), kLagrangian);
  const auto coded = (scale.detach() * kU7Unit >= 1.5).to(torch::kFloat32) * mask;
  const auto q = ideal * coded;
  const auto bits = SumItems(SymbolBits(ideal, value, decay, kZeroEdge) * mask);
  // With q fixed, the error's slope toward the mean is rounding noise wherever
  // q != 0: moving the mean moves q too. At high rates that noise is hundreds
  // of times the rate's slope and drives the weights apart.
  auto part = Dequantized(q, scale, torch::where(q == 0, mean, mean.detach()));
  if (options.train_analysis) part = part + (y - y.detach());
  return {bits, part * mask, {q, value.detach(), scale.detach(), mask}};
}

void CodecModel::RunPriorInit(const Batch& batch, const ForwardOptions& options, Coding& coding,
                              Forwarded& out) const {
  TensorMap inputs = {{"z", HyperLatent(coding.normalized, coding.knots, options, out)}};
  if (batch.diff.defined()) {
    // s12 >> 5, as u7.
    const auto pred = torch::floor(batch.pred * (kS16Unit / 32));
    inputs["pred"] = torch::clamp(pred, 0, 127) / kU7Unit;
    inputs["diff"] = batch.diff;
  }
  coding.trunk = Module("prior_init")
                     .Run(inputs, coding.knots, coding.normalized.size(2),
                          coding.normalized.size(3), options.run)
                     .at("trunk");
}

Tensor CodecModel::CodeSymbols(const Tensor& y, const TensorMap& outputs, const codec::Pass& shape,
                               const ForwardOptions& options, Coding& coding,
                               Forwarded& out) const {
  const auto& scale = outputs.at("scale");
  const auto mean = outputs.at("mean") * kMeanUnit;
  Tensor bits;
  Tensor part;
  if (options.run.bf16 && y.is_cpu() && !options.keep_symbols && !options.train_analysis) {
    const auto coded =
        FusedCodeStep(y, scale, mean, params_.Get(part_ + ".shrink"), shape.phase, kLagrangian);
    bits = coded.bits;
    part = coded.part;
    coding.context = coded.context;
  } else {
    PlainStep plain = CodeStep(y, scale, mean, shape, options);
    bits = plain.bits;
    part = plain.part;
    coding.context = SignedContext(plain.symbols.q);
    if (options.keep_symbols) out.symbols.push_back(std::move(plain.symbols));
  }
  coding.bits = coding.bits.defined() ? coding.bits + bits : bits;
  return part;
}

void CodecModel::RunPriorPass(int index, int group, const ForwardOptions& options, Coding& coding,
                              Forwarded& out) const {
  const codec::Pass& shape = kPasses[index];
  const int64_t h = coding.normalized.size(2);
  const int64_t w = coding.normalized.size(3);
  TensorMap inputs = {{"trunk_in", coding.trunk}};
  if (index > 0) inputs["context"] = coding.context;
  const auto step = coding.step.slice(1, shape.first, shape.first + shape.count);
  if (shape.predicted) {
    inputs["low"] = LowLatents(coding.recon[0], coding.step.slice(1, 0, kLowChannels));
  }
  const auto outputs =
      Module("prior_" + std::to_string(index)).Run(inputs, coding.knots, h, w, options.run);
  if (index > 0) coding.trunk = outputs.at("trunk");
  auto y = coding.normalized.index({Slice(), Slice(shape.first, shape.first + shape.count)});
  Tensor offset;
  if (shape.predicted) {
    offset = outputs.at("offset").detach() * kS16Unit / step;
    y = y - offset;
  }
  Tensor part = CodeSymbols(y, outputs, shape, options, coding, out);
  if (shape.predicted) part = part + offset * PhaseMask(h, w, shape.phase, params_.device());
  Tensor& recon = coding.recon[group];
  recon = recon.defined() ? recon + part : part;
}

void CodecModel::Reconstruct(const Batch& batch, const ForwardOptions& options,
                             const Coding& coding, Forwarded& out) const {
  auto latent = ClampLatents(torch::cat(coding.recon, 1) * coding.step);
  if (options.run.fake_quant) latent = RoundThrough(latent);
  if (options.skip_synthesis) {
    // Orthogonal, so the weighted pixel error up to a constant.
    const auto error = (latent / coding.step - coding.normalized) * coding.base_step;
    out.latent_sse = SumItems(error.square());
    return;
  }
  const TensorMap inputs = {{"latent", latent / kS16Unit}, {"pred", batch.pred}};
  out.recon = Module("synthesis")
                  .Run(inputs, coding.knots, latent.size(2), latent.size(3), options.run)
                  .at("recon");
}

Forwarded CodecModel::Run(const Batch& batch, const ForwardOptions& options) const {
  Forwarded out;
  Coding coding;
  coding.knots = KnotWeights(batch.qp);
  coding.base_step = QuantizerSteps(batch.qp).reshape({-1, 1, 1, 1});
  coding.step = coding.base_step * RelativeSteps(params_, part_).reshape({1, -1, 1, 1});
  coding.normalized = Latents(batch, options) / coding.step;
  coding.recon.resize(kNumPasses);
  RunPriorInit(batch, options, coding, out);
  int group = 0;
  for (int i = 0; i < kNumPasses; ++i) {
    if (kPasses[i].first != kPasses[group].first) group = i;
    RunPriorPass(i, group, options, coding, out);
  }
  out.bits = coding.bits;
  std::erase_if(coding.recon, [](const Tensor& t) { return !t.defined(); });
  Reconstruct(batch, options, coding, out);
  return out;
}

}  // namespace furl::train::hyperprior
