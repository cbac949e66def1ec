#include "train/codec_model.h"

#include <cmath>

#include "train/entropy_model.h"
#include "train/fused_ops.h"
#include "train/quantize.h"

namespace furl::train {
namespace {

using torch::indexing::Slice;

constexpr double kS16Unit = 512.0;        // s16 value of real 1.0
constexpr double kMeanUnit = 512.0 / 64;  // quantization steps of a real mean of 1.0
constexpr double kHyperUnit = 512.0 / 32;

// T of docs/vae.md with the gradient of the smooth logarithm.
Tensor CompandThrough(const Tensor& magnitude) {
  const auto smooth = torch::log1p(magnitude) * (24.0 / 32.0 / 0.6931471805599453);
  return smooth + (Compand(magnitude) - smooth).detach();
}

Tensor Shifted(const Tensor& x, int64_t down, int64_t right) {
  const auto padded = torch::constant_pad_nd(x, {right, 0, down, 0});
  return padded.index({Slice(), Slice(), Slice(0, x.size(2)), Slice(0, x.size(3))});
}

Tensor SumItems(const Tensor& x) { return x.flatten(1).sum(1); }

Tensor StepTensor(const Tensor& qp) {
  return (2.0 * torch::exp2(qp.to(torch::kFloat32) / 10.0)).reshape({-1, 1, 1, 1});
}

// The decoded latents of group 0 as the prior steps get them; no gradient.
Tensor LowLatents(const Tensor& recon, const Tensor& step) {
  return torch::clamp(recon.detach() * step, -8191, 8191) / kS16Unit;
}

}  // namespace

Tensor PhaseMask(int64_t h, int64_t w, vae::Phase phase, const torch::Device& device) {
  const vae::Step step = {0, 0, phase, false};
  auto mask = torch::zeros({1, 1, h, w});
  vae::ForEachPosition(step, static_cast<int>(h), static_cast<int>(w),
                       [&](int y, int x) { mask.data_ptr<float>()[y * w + x] = 1; });
  return mask.to(device);
}

double StepOfQp(int qp) { return 2.0 * std::exp2(qp / 10.0); }

void CodecModel::InitEntropy() {
  params_.Set(half_ + ".z_decay", torch::zeros({3, kHyperChannels}));
  params_.Set(half_ + ".shrink", torch::zeros({kScaleCount, 2}));
  params_.SetTrainable(half_ + ".shrink", false);
}

Tensor CodecModel::Latents(const Batch& batch, const ForwardOptions& options) const {
  torch::AutoGradMode grad(options.train_analysis && torch::GradMode::is_enabled());
  const int64_t h = batch.original.size(2) / 2;
  const int64_t w = batch.original.size(3) / 2;
  const auto out = Module("analysis")
                       .Run({{"residual", batch.original - batch.pred}}, KnotWeights(batch.qp), h,
                            w, options.run);
  const auto y = torch::clamp(out.at("latent") * kS16Unit, -8191, 8191);
  return options.run.fake_quant ? RoundThrough(y) : y;
}

Tensor CodecModel::HyperDecay(const Tensor& z) const {
  const auto used = (z != 0).to(torch::kFloat32);
  const auto context = Shifted(used, 0, 1) + Shifted(used, 1, 0);
  const auto decay = torch::exp(params_.Get(half_ + ".z_decay"));
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
  const auto index = torch::clamp(torch::floor(torch::round(scale.detach() * 32.0) / 2), 0, 63);
  const auto magnitude = q.abs();
  const auto row = (index * 2 + (magnitude > 1.5).to(torch::kFloat32)).to(torch::kLong);
  const auto table = params_.Get(half_ + ".shrink").detach().flatten();
  const auto shrink = table.index_select(0, row.flatten()).reshape(q.sizes());
  return q - torch::sign(q) * shrink + mean;
}

CodecModel::PlainStep CodecModel::CodeStep(const Tensor& y, const Tensor& scale, const Tensor& mean,
                                           const vae::Step& step,
                                           const ForwardOptions& options) const {
  const int64_t h = y.size(2);
  const int64_t w = y.size(3);
  const auto value = y - mean;
  const auto decay = DecayOfScale(scale);
  const auto mask = PhaseMask(h, w, step.phase, params_.device());
  const auto ideal = RoundRateDistortion(value.detach(), decay.detach(), kLagrangian);
  const auto coded = (scale.detach() * 32.0 >= 1.5).to(torch::kFloat32) * mask;
  const auto q = ideal * coded;
  const auto bits = SumItems(SymbolBits(ideal, value, decay, kZeroEdge) * mask);
  // With q fixed, the error's slope toward the mean is rounding noise wherever
  // q != 0: moving the mean moves q too. At high rates that noise is hundreds
  // of times the rate's slope and drives the weights apart.
  auto part = Dequantized(q, scale, torch::where(q == 0, mean, mean.detach()));
  if (options.train_analysis) part = part + (y - y.detach());
  return {bits, part * mask, {q, value.detach(), scale.detach(), mask}};
}

Forwarded CodecModel::Run(const Batch& batch, const ForwardOptions& options) const {
  Forwarded out;
  const auto knots = KnotWeights(batch.qp);
  const auto step = StepTensor(batch.qp);
  const auto normalized = Latents(batch, options) / step;
  const int64_t h = normalized.size(2);
  const int64_t w = normalized.size(3);

  TensorMap init = {{"z", HyperLatent(normalized, knots, options, out)}};
  if (batch.diff.defined()) {
    init["pred"] = torch::clamp(torch::floor(batch.pred * 16.0), 0, 127) / 32.0;
    init["diff"] = batch.diff;
  }
  auto trunk = Module("prior_init").Run(init, knots, h, w, options.run).at("trunk");

  std::vector<Tensor> recon(kNumSteps);  // by first step of each group
  Tensor context;
  Tensor bits;
  int group = 0;
  for (int i = 0; i < kNumSteps; ++i) {
    const vae::Step& shape = kSteps[i];
    if (shape.first != kSteps[group].first) group = i;
    TensorMap inputs = {{"trunk_in", trunk}};
    if (i > 0) inputs["context"] = context;
    if (shape.predicted) inputs["low"] = LowLatents(recon[0], step);
    auto outputs = Module("prior_" + std::to_string(i)).Run(inputs, knots, h, w, options.run);
    if (i > 0) trunk = outputs.at("trunk");
    const auto& scale = outputs.at("scale");
    const auto mean = outputs.at("mean") * kMeanUnit;
    auto y = normalized.index({Slice(), Slice(shape.first, shape.first + shape.count)});
    Tensor offset;
    if (shape.predicted) {
      offset = outputs.at("offset").detach() * kS16Unit / step;
      y = y - offset;
    }
    Tensor step_bits;
    Tensor part;
    if (options.run.bf16 && y.is_cpu() && !options.keep_symbols && !options.train_analysis) {
      const auto coded =
          FusedCodeStep(y, scale, mean, params_.Get(half_ + ".shrink"), shape.phase, kLagrangian);
      step_bits = coded.bits;
      part = coded.part;
      context = coded.context;
    } else {
      PlainStep plain = CodeStep(y, scale, mean, shape, options);
      step_bits = plain.bits;
      part = plain.part;
      context = SignedContext(plain.symbols.q);
      if (options.keep_symbols) out.symbols.push_back(std::move(plain.symbols));
    }
    bits = i == 0 ? step_bits : bits + step_bits;
    if (shape.predicted) part = part + offset * PhaseMask(h, w, shape.phase, params_.device());
    recon[group] = recon[group].defined() ? recon[group] + part : part;
  }
  out.bits = bits;
  std::erase_if(recon, [](const Tensor& t) { return !t.defined(); });

  auto latent = torch::clamp(torch::cat(recon, 1) * step, -8191, 8191);
  if (options.run.fake_quant) latent = RoundThrough(latent);
  if (options.skip_synthesis) {
    // Orthonormal with chroma weighted, so the weighted pixel error up to a constant.
    out.sse = SumItems((latent - normalized * step).square());
    return out;
  }
  out.recon = Module("synthesis")
                  .Run({{"latent", latent / kS16Unit}, {"pred", batch.pred}, {"trunk_in", trunk}},
                       knots, h, w, options.run)
                  .at("recon");
  const auto error = (out.recon - batch.original) * 32.0;
  const auto luma = SumItems(error.index({Slice(), Slice(0, 64)}).square());
  const auto chroma = SumItems(error.index({Slice(), Slice(64, 96)}).square());
  out.sse = luma + kChromaWeight * chroma;
  out.luma_sse = luma.detach();
  return out;
}

}  // namespace furl::train
