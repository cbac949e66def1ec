#include "codec/hyperprior/encode/attempts.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "codec/common/rate_distortion.h"
#include "codec/hyperprior/hyper_latent.h"
#include "codec/latents/encode/filter_coding.h"
#include "codec/latents/encode/quantizer.h"
#include "entropy/symbol_coder.h"

namespace furl::hyperprior {
namespace {

// Symbols chosen by the encoder and written on the way.
class ChosenSource : public SymbolSource {
 public:
  ChosenSource(const EncoderNets& nets, const FrameTask& task, const EncoderState& state,
               RangeEncoder* side, latents::SymbolCounts* counts)
      : nets_(*nets.frame),
        steps_(nets_.StepsOf(task)),
        weights_(task.similarity ? nets.analysis->similarity : std::span<const uint8_t>()),
        state_(state),
        side_(side),
        latents_(nets_.tables),
        counts_(counts) {}

  Status HyperLatent(nn::Tensor* z) override {  // holds the choice already
    CodeHyperLatent(*side_, nets_, z);
    return OkStatus();
  }

  Status Symbols(int pass, std::span<const uint8_t> indices, const Expectation& expected,
                 std::vector<int16_t>* q) override {
    MeasureDistances(kPasses[pass], steps_, expected, state_.target, &distance64_);
    const Pass& shape = kPasses[pass];
    const auto weights = weights_.empty() ? weights_ : weights_.subspan(shape.first, shape.count);
    latents::QuantizeRuns(*nets_.tables, nets_.reconstruction(), {shape.count, weights}, indices,
                          distance64_, /*optimize=*/true, q);
    if (counts_ != nullptr) {
      counts_->Add(indices, kPasses[pass].count, *q, distance64_, nets_.tables->quantizers());
    }
    latents_.AddBatch(indices, kPasses[pass].count, q->data());
    return OkStatus();
  }

  // Of side information and latents so far.
  double bits() const {
    return 8.0 * static_cast<double>(side_->size()) + static_cast<double>(latents_.cost()) / 256;
  }

  // Writes the latents, behind the side information or as a section.
  std::vector<uint8_t> Finish() { return latents_.Finish(side_); }

 private:
  const FrameNets& nets_;
  const LocalSteps steps_;
  const std::span<const uint8_t> weights_;  // of errors; empty: all alike
  const EncoderState& state_;
  RangeEncoder* side_;
  SymbolEncoder latents_;
  latents::SymbolCounts* counts_;  // may be null
  std::vector<int32_t> distance64_;
};

// Squared error of a 12-bit picture in 8-bit units, chroma weighted as in training.
double WeightedError(const Frame& original, const Frame& decoded) {
  constexpr double kWeight[3] = {1.0, kChromaWeight, kChromaWeight};
  const int up = kSampleBits - original.bit_depth();
  double error = 0;
  for (int p = 0; p < 3; ++p) {
    const ConstPlane pa = original.plane(p);
    const ConstPlane pb = decoded.plane(p);
    int64_t sum = 0;
    for (int y = 0; y < pa.height; ++y) {
      const uint16_t* ra = pa.row(y);
      const uint16_t* rb = pb.row(y);
      int64_t row = 0;
      for (int x = 0; x < pa.width; ++x) {
        const int d = (ra[x] << up) - rb[x];
        row += d * d;
      }
      sum += row;
    }
    error += kWeight[p] * static_cast<double>(sum);
  }
  return error / (1 << (2 * (kSampleBits - 8)));
}

latents::LatentErrors MeasureErrors(const nn::Tensor& wanted, const nn::Tensor& decoded) {
  latents::LatentErrors errors;
  for (const Pass& pass : kPasses) {
    std::vector<latents::LatentError>& sums = errors.emplace_back(pass.count);
    ForEachPosition(pass, wanted.height(), wanted.width(), [&](int y, int x) {
      for (int c = 0; c < pass.count; ++c) {
        sums[c].sum += decoded.S16(y, x)[pass.first + c] - wanted.S16(y, x)[pass.first + c];
        ++sums[c].count;
      }
    });
  }
  return errors;
}

// One way to code the frame, and what came of it.
struct Attempt {
  RangeEncoder side;
  std::unique_ptr<latents::SymbolCounts> counts;  // where somebody wants them, as the next
  latents::LatentErrors errors;
  std::unique_ptr<ChosenSource> source;  // refers to the above
  Frame* decoded = nullptr;              // of the state
  double cost = 0;                       // weighted error + lambda * bits
};

class FrameAttempts {
 public:
  FrameAttempts(const EncoderNets& nets, const FrameTask& task, const Frame& original, bool count,
                EncoderState* state)
      : nets_(nets), task_(task), original_(original), count_(count), state_(state) {
    // The step of the first latent, in 1/16.
    const double step = nets.frame->StepsOf(task).OfFrame()[0] / 16.0;
    lambda_ = kLagrangian * step * step;
  }

  // Codes the frame with the state's z and targets into `decoded`.
  Result<std::unique_ptr<Attempt>> Try(const RangeEncoder& side, Frame* decoded) {
    auto attempt = std::make_unique<Attempt>();
    attempt->side = side;
    if (count_) attempt->counts = std::make_unique<latents::SymbolCounts>();
    attempt->source = std::make_unique<ChosenSource>(nets_, task_, *state_, &attempt->side,
                                                     attempt->counts.get());
    attempt->decoded = decoded;
    FURL_RETURN_IF_ERROR(
        ReconstructFrame(*nets_.frame, task_, state_, attempt->source.get(), decoded));
    if (count_) attempt->errors = MeasureErrors(state_->target, state_->latent);
    attempt->cost = WeightedError(original_, *decoded) + lambda_ * attempt->source->bits();
    return attempt;
  }

  // Chooses, writes and applies the loop filter's strengths and the planes' offsets.
  Status Filter(Attempt* attempt, Frame* reconstruction) {
    FURL_ASSIGN_OR_RETURN(Frame* const first, state_->Decoded());
    FURL_ASSIGN_OR_RETURN(Frame* const second, state_->OtherDecoded());
    Frame* const scratch = attempt->decoded == first ? second : first;
    latents::CodeFilter(nets_.frame->loop_filter.get(), task_, original_, lambda_,
                        *attempt->decoded, &state_->filter, scratch, &attempt->side,
                        reconstruction);
    return OkStatus();
  }

 private:
  const EncoderNets& nets_;
  const FrameTask& task_;
  const Frame& original_;
  const bool count_;
  EncoderState* state_;
  double lambda_;
};

bool IsZero(const nn::Tensor& z) {
  bool zero = true;
  ForEachPosition({0, 0, Phase::kAll, false}, z.height(), z.width(), [&](int y, int x) {
    zero = zero &&
           std::all_of(z.S16(y, x), z.S16(y, x) + kHyperChannels, [](int16_t v) { return v == 0; });
  });
  return zero;
}

}  // namespace

Status EncodeHyperpriorFrame(const EncoderNets& nets, const FrameTask& task, const Frame& original,
                             const latents::FrameObserver& observer, EncoderState* state,
                             RangeEncoder* side, std::vector<uint8_t>* latents,
                             Frame* reconstruction) {
  FURL_RETURN_IF_ERROR(AnalyzeFrame(nets, task, original, state));
  FrameAttempts attempts(nets, task, original, observer != nullptr, state);
  FURL_ASSIGN_OR_RETURN(Frame* const first, state->Decoded());
  FURL_ASSIGN_OR_RETURN(std::unique_ptr<Attempt> best, attempts.Try(*side, first));

  // Without a hyper-latent: in quiet frames its bits buy nothing.
  if (!IsZero(state->z)) {
    state->z.Clear();
    FURL_ASSIGN_OR_RETURN(Frame* const second, state->OtherDecoded());
    FURL_ASSIGN_OR_RETURN(std::unique_ptr<Attempt> attempt, attempts.Try(*side, second));
    if (attempt->cost < best->cost) best = std::move(attempt);
  }
  FURL_RETURN_IF_ERROR(attempts.Filter(best.get(), reconstruction));
  if (observer != nullptr) {
    observer({task.intra(), task.qp, *best->counts, best->errors, original,
              state->filter.Input(task, *best->decoded)});
  }
  *latents = best->source->Finish();
  *side = std::move(best->side);
  return OkStatus();
}

}  // namespace furl::hyperprior
