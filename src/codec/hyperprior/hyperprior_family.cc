#include "codec/hyperprior/hyperprior_family.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "codec/hyperprior/frame_codec.h"
#include "codec/hyperprior/hyper_latent.h"
#include "codec/latents/filter_step.h"
#include "codec/latents/plane_offsets.h"
#include "codec/latents/symbol_accounts.h"
#include "entropy/symbol_coder.h"

namespace furl::hyperprior {
namespace {

// Latents of neighbouring energy, as passes code them, from coarse to fine.
const std::string kGroupNames[] = {"latents 0-15", "latents 16-47", "latents 48-111",
                                   "latents 112-239", "latents 240-383"};

int GroupOf(const Pass& pass) {
  constexpr int kFirsts[] = {0, 16, 48, 112, 240};
  return static_cast<int>(std::find(std::begin(kFirsts), std::end(kFirsts), pass.first) -
                          std::begin(kFirsts));
}

// Symbols read from a stream.
class StreamSource : public SymbolSource {
 public:
  // `analysis` may be null.
  StreamSource(const FrameNets& nets, RangeDecoder* side, std::span<const uint8_t> latents,
               FrameAnalysis* analysis)
      : nets_(nets), side_(side), latents_(nets.tables, side, latents), analysis_(analysis) {}

  Status HyperLatent(nn::Tensor* z) override {
    BitAccount* const account = OpenBits(analysis_, BitKind::kSide, "hyper-latents");
    CodeHyperLatent(*side_, nets_, z, RangeMeter(*side_, account));
    RangeMeter meter(*side_, OpenBits(analysis_, BitKind::kSide, "filter and offsets"));
    if (nets_.loop_filter != nullptr) latents::CodeFilterStrengths(*side_, &strengths_);
    latents::CodePlaneOffsets(*side_, &offsets_);
    meter.ChargeWhole();
    if (analysis_ != nullptr) accounts_.emplace(*nets_.tables, kGroupNames, analysis_);
    return OkStatus();
  }
  const filter::FilterStrengths& strengths() const { return strengths_; }
  const latents::PlaneOffsets& offsets() const { return offsets_; }

  Status Symbols(int pass, std::span<const uint8_t> indices, const Expectation&,
                 std::vector<int16_t>* q) override {
    q->resize(indices.size());
    latents_.DecodeBatch(indices, kPasses[pass].count, q->data());
    if (accounts_) Account(kPasses[pass], indices, q->data());
    return OkStatus();
  }

  Status Close() {
    FURL_RETURN_IF_ERROR(latents_.Close().WithContext("latents"));
    return side_->Close().WithContext("side information");
  }

 private:
  void Account(const Pass& pass, std::span<const uint8_t> indices, const int16_t* q) {
    const int group = GroupOf(pass);
    size_t at = 0;
    ForEachPosition(pass, analysis_->rows, analysis_->cols, [&](int y, int x) {
      accounts_->Add(indices.subspan(at, pass.count), q + at, x, y,
                     [&](int i) { return std::pair(group, pass.first + i); });
      at += pass.count;
    });
  }

  const FrameNets& nets_;
  RangeDecoder* side_;
  SymbolDecoder latents_;
  FrameAnalysis* analysis_;
  std::optional<latents::SymbolAccounts> accounts_;  // where there is an analysis
  filter::FilterStrengths strengths_ = {};
  latents::PlaneOffsets offsets_ = {};
};

}  // namespace

double HyperpriorFamily::MacsPerPixel() const {
  return std::max(intra_->decoder_macs_per_pixel, inter_->decoder_macs_per_pixel);
}

double HyperpriorFamily::WorkPerPixel() const {
  return std::max(intra_->decoder_work_per_pixel, inter_->decoder_work_per_pixel);
}

Result<std::unique_ptr<FamilyState>> HyperpriorFamily::CreateState(int width, int height,
                                                                   int) const {
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<FrameState> state, FrameState::Create(width, height));
  return std::unique_ptr<FamilyState>(std::move(state));
}

size_t HyperpriorFamily::StateBytes(int width, int height, int) const {
  return FrameState::BytesOf(*intra_, *inter_, width, height);
}

Status HyperpriorFamily::DecodeFrame(const FrameTask& task, RangeDecoder* side,
                                     std::span<const uint8_t> latents, FamilyState* state,
                                     FrameOutput* output) const {
  const FrameNets& nets = NetsOf(task.intra());
  StreamSource source(nets, side, latents, task.analysis);
  auto* own = static_cast<FrameState*>(state);
  own->Release(!task.intra());
  FURL_ASSIGN_OR_RETURN(Frame* const decoded, own->Decoded());
  PackPrediction(task, own);
  FURL_RETURN_IF_ERROR(ReconstructFrame(nets, task, own, &source, decoded));
  latents::AddPlaneOffsets(*decoded, source.offsets(), task.pool, decoded);
  own->filter.Run(nets.loop_filter.get(), task, *decoded, source.strengths(), output->picture);
  if (task.analysis != nullptr && nets.loop_filter != nullptr) {
    FURL_ASSIGN_OR_RETURN(task.analysis->unfiltered, decoded->Copy());
  }
  if (task.intra()) own->Release(true);
  return source.Close();
}

Status HyperpriorFamily::DecodeLatents(const FrameTask& task, RangeDecoder* side,
                                       std::span<const uint8_t> latents, FamilyState* state,
                                       nn::Tensor* out) const {
  const FrameNets& nets = NetsOf(task.intra());
  StreamSource source(nets, side, latents, nullptr);
  auto* own = static_cast<FrameState*>(state);
  PackPrediction(task, own);
  FURL_RETURN_IF_ERROR(DecodeLatentTensor(nets, task, own, &source));
  FURL_RETURN_IF_ERROR(source.Close());
  FURL_RETURN_IF_ERROR(out->Reshape(nn::Format::kS16, own->rows, own->columns, kLatentChannels));
  ForEachPosition({0, 0, Phase::kAll, false}, own->rows, own->columns, [&](int y, int x) {
    std::copy_n(own->latent.S16(y, x), kLatentChannels, out->S16(y, x));
  });
  return OkStatus();
}

Status HyperpriorFamily::ShowLatents(bool intra, std::span<const uint16_t> latents, int amplitude,
                                     std::vector<FramePtr>* pictures) const {
  return hyperprior::ShowLatents(NetsOf(intra), latents, amplitude, pictures);
}

Result<FamilyPtr> CreateFamily(model::ModelPtr model) {
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<FrameNets> intra, LoadFrameNets(*model, "intra"));
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<FrameNets> inter, LoadFrameNets(*model, "inter"));
  return FamilyPtr(
      std::make_shared<HyperpriorFamily>(std::move(model), std::move(intra), std::move(inter)));
}

}  // namespace furl::hyperprior
