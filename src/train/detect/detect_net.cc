#include "train/detect/detect_net.h"

#include <cmath>
#include <utility>

#include "train/base/units.h"
#include "train/hyperprior/codec_model.h"
#include "train/network/checkpoint.h"
#include "train/network/graph_module.h"

namespace furl::train {
namespace {

constexpr double kGray = kGray12 / kS16Unit;
// Encoders choose smaller symbols where that costs little.
constexpr double kRounding = 0.42;
// At the start few places hold an object: odds of a hundred to one against it.
constexpr double kStartOdds = -4.6;
constexpr size_t kMostFound = 100;
constexpr double kLeastScore = 0.02;

Tensor Quantized(const Tensor& latents, const Tensor& steps) {
  const auto symbols = torch::sign(latents) * torch::floor(latents.abs() / steps + kRounding);
  return symbols * steps;
}

nn::Tensor GridFrom(const Tensor& values) {
  const auto whole = torch::clamp(torch::round(values * analysis::kGridUnit), -32768, 32767)
                         .to(torch::kInt16)
                         .permute({0, 2, 3, 1})
                         .contiguous();
  auto grid = nn::Tensor::Create(nn::Format::kS16, static_cast<int>(whole.size(1)),
                                 static_cast<int>(whole.size(2)), analysis::kGridChannels)
                  .value();
  const int16_t* from = whole.data_ptr<int16_t>();
  for (int y = 0; y < grid.height(); ++y) {
    const int count = grid.width() * analysis::kGridChannels;
    std::copy(from, from + count, grid.S16(y, 0));
    from += count;
  }
  return grid;
}

}  // namespace

Result<std::unique_ptr<CodecTransform>> CodecTransform::Read(const std::string& recipe,
                                                             const std::string& checkpoint) {
  auto codec = std::make_unique<CodecTransform>();
  FURL_ASSIGN_OR_RETURN(codec->arch, ReadArchitecture(recipe));
  FURL_ASSIGN_OR_RETURN(const TensorFile file, ReadTensorFile(checkpoint));
  codec->params.InitGraphs(codec->arch, "intra.", 1);
  FURL_RETURN_IF_ERROR(LoadParams(file, "ema.", {}, codec->params));
  codec->params.SetTrainable("", false);
  return codec;
}

DetectNet::DetectNet(const Architecture& arch, const CodecTransform& codec, Sight sight,
                     uint64_t seed, ParamStore* params)
    : arch_(arch), codec_(codec), sight_(sight), params_(params) {
  params->InitGraphs(arch, "detect", seed);
  torch::NoGradGuard guard;
  for (const char* head : {"detect.fine_box", "detect.mid_box", "detect.coarse_box"}) {
    params->Get(std::string(head) + ".bias").slice(0, 0, analysis::kObjectGroups).fill_(kStartOdds);
  }
}

Tensor DetectNet::Inputs(const CanvasBatch& batch) const {
  torch::NoGradGuard guard;
  const int64_t h = batch.motion.size(2);
  const int64_t w = batch.motion.size(3);
  const auto knots = KnotWeights(batch.qp);
  const auto analysed = GraphModule(codec_.arch.graph("intra.analysis"), codec_.params)
                            .Run({{"residual", batch.pictures - kGray}}, knots, h, w, {})
                            .at("latent");
  const auto steps = hyperprior::QuantizerSteps(batch.qp).reshape({-1, 1, 1, 1}) *
                     hyperprior::RelativeSteps(codec_.params, "intra").reshape({1, -1, 1, 1});
  const auto latents = Quantized(analysed * kS16Unit, steps) / kS16Unit;
  if (sight_ == Sight::kLatents) return latents;
  const auto gray = torch::full_like(batch.pictures, kGray);
  const auto decoded = GraphModule(codec_.arch.graph("intra.synthesis"), codec_.params)
                           .Run({{"latent", latents}, {"pred", gray}}, knots, h, w, {})
                           .at("recon");
  return SpaceToDepth(decoded - kGray);
}

std::array<Tensor, 3> DetectNet::RunWith(const CanvasBatch& batch, bool fake_quant,
                                         const ParamStore& params) const {
  RunOptions options;
  options.bf16 = true;
  options.fake_quant = fake_quant;
  const auto outputs =
      GraphModule(arch_.graph("detect"), params)
          .Run({{"latents", Inputs(batch)}, {"motion", batch.motion}}, KnotWeights(batch.qp),
               batch.motion.size(2), batch.motion.size(3), options);
  std::array<Tensor, 3> grids;
  for (size_t i = 0; i < grids.size(); ++i) {
    grids[i] = outputs.at(analysis::kGridNames[i]).to(torch::kFloat32);
  }
  return grids;
}

std::array<Tensor, 3> DetectNet::Run(const CanvasBatch& batch, bool fake_quant) const {
  return RunWith(batch, fake_quant, *params_);
}

std::vector<analysis::Detection> DetectNet::Find(const Scene& scene, int qp,
                                                 const ParamStore& params) const {
  torch::NoGradGuard guard;
  const auto grids = RunWith(WholeScene(scene, qp), true, params);
  std::vector<analysis::Detection> found;
  for (size_t i = 0; i < grids.size(); ++i) {
    analysis::AddBoxes(GridFrom(grids[i]), analysis::kGridScales[i], scene.label.width,
                       scene.label.height, kLeastScore, &found);
  }
  return analysis::BestOf(std::move(found), kMostFound);
}

}  // namespace furl::train
