#include "train/families/squeeze/tile_coding.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "codec/common/rate_distortion.h"
#include "codec/families/squeeze/squeeze_family.h"
#include "train/network/fused_tensors.h"

namespace furl::train::squeeze {
namespace {

namespace codec = furl::squeeze;
using codec::kLow;
using codec::kMaxSymbols;
using codec::kNeighbours;
using codec::kQuarters;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr float kLn2 = 0.69314718F;
constexpr float kEdge = 0.6F;  // first value that isn't rounded to 0, in steps
constexpr float kLambda = static_cast<float>(kLagrangian);

// A two-sided exponential law of one scale, in quantizer steps.
struct Law {
  float decay;       // sqrt(2) / deviation
  float zero_bits;   // of 0
  float tail_bits;   // of +-1 at the edge, sign included
  float slope_bits;  // of each further step
  float pull;        // of values toward 0 from the middle between the edges of a symbol
};

std::array<Law, 128> MakeLaws() {
  std::array<Law, 128> laws;
  for (int scale = 0; scale < 128; ++scale) {
    const double decay = std::sqrt(2.0) / std::exp2(scale / 10.0 - 3.5);
    Law& law = laws[scale];
    law.decay = static_cast<float>(decay);
    law.zero_bits = static_cast<float>(-std::log2(std::max(-std::expm1(-decay * kEdge), 1e-9)));
    law.tail_bits = static_cast<float>(1 - std::log2(std::max(-std::expm1(-decay), 1e-9)));
    law.slope_bits = static_cast<float>(decay / kLn2);
    // The mean of the law behind an edge, up to the next.
    const double behind = 1 / decay - 1 / std::expm1(std::max(decay, 1e-3));
    law.pull = static_cast<float>(std::clamp(0.4 - behind, 0.0, 0.3));
  }
  return laws;
}

const Law& LawOf(int scale) {
  static const std::array<Law, 128> kLaws = MakeLaws();
  return kLaws[scale];
}

// d bits / d value of the mass of [value - 1/2, value + 1/2].
float Slope(float value, const Law& law) {
  const float magnitude = std::fabs(value);
  float slope = law.decay;
  if (magnitude < 0.5F) {
    const float up = std::exp(law.decay * (magnitude - 0.5F)) * 0.5F;
    const float down = std::exp(-law.decay * (magnitude + 0.5F)) * 0.5F;
    slope = std::min(slope, law.decay * (up - down) / std::max(1.0F - up - down, 1e-6F));
  }
  return value == 0 ? 0 : std::copysign(slope / kLn2, value);
}

// A symbol's magnitude by rate and distortion, and its bits.
int Round(float magnitude, const Law& law, float* bits) {
  const float upper = std::ceil(magnitude);
  const float lower = std::max(upper - 1.0F, 0.0F);
  const float step_bits =
      lower > 0.5F ? law.slope_bits : law.tail_bits + law.slope_bits * kEdge - law.zero_bits;
  const bool up = 2.0F * lower + 1.0F - 2.0F * magnitude + kLambda * step_bits < 0;
  const int q = static_cast<int>(up ? upper : lower);
  *bits = q == 0 ? law.zero_bits
                 : law.tail_bits + law.slope_bits * (static_cast<float>(q) - (1.0F - kEdge));
  return q;
}

// One item of a batch: its tensors' memory, channels innermost.
struct Item {
  const float* latent;
  const float* detail;
  float* decoded;
  float* decoded_detail;
  float* slope;  // of the bits
  float* slope_detail;
  float* passes;  // 1 where a symbol is: elsewhere what is decoded doesn't follow the latent
  float* passes_detail;
  int rows, columns, qp;
};

struct TileResult {
  int depth = 0;
  float bits = 0;
  std::array<int, 2> contexts = {0, 0};
  std::array<int16_t, kMaxSymbols> q;      // magnitudes, up to the depth
  std::array<float, kMaxSymbols> decoded;  // in steps
};

class ItemCoder {
 public:
  ItemCoder(const codec::Prior& prior, const Item& item, codec::PriorStatistics* statistics)
      : prior_(prior),
        layout_(prior.layout()),
        item_(item),
        statistics_(statistics),
        step_(static_cast<float>(codec::kStepLaw.Step(item.qp))),
        models_(prior.DepthModels(item.qp)) {
    grid_.Reset(item.rows, item.columns);
    depths_.assign(static_cast<size_t>(item.rows) * item.columns, 0);
  }

  float Run() {
    float bits = 0;
    for (int y = 0; y < item_.rows; ++y) {
      for (int x = 0; x < item_.columns; ++x) bits += CodeTile(y, x);
    }
    return bits;
  }

 private:
  float* LatentAt(float* tensor, int y, int x) const {
    return tensor + (static_cast<size_t>(y) * item_.columns + x) * layout_.bottleneck();
  }
  size_t DetailAt(int y, int x, int quarter) const {
    const size_t row = 2 * static_cast<size_t>(y) + quarter / 2;
    return (row * 2 * item_.columns + 2 * x + quarter % 2) * layout_.detail();
  }

  void Expect(int y, int x) {
    expected_.fill(0);
    codec::TilePositions around;
    if (!codec::FindNeighbours(item_.columns, y, x, &around)) return;
    const int8_t* w = prior_.tables().low.data();
    for (int c = 0; c < kLow; ++c) {
      float sum = 0;
      for (const auto& [row, col] : around) {
        const float* latents = LatentAt(item_.decoded, row, col);
        for (int k = 0; k < kLow; ++k) sum += static_cast<float>(*w++) * latents[k];
      }
      expected_[c] = sum / 128;
    }
  }

  void Measure(int y, int x) {
    Expect(y, x);
    const float* latent = item_.latent + (LatentAt(item_.decoded, y, x) - item_.decoded);
    for (int c = 0; c < layout_.bottleneck(); ++c) {
      value_[c] = (latent[c] - (c < kLow ? expected_[c] : 0)) / step_;
    }
    float* out = value_.data() + layout_.bottleneck();
    for (int quarter = 0; quarter < kQuarters; ++quarter) {
      const float* detail = item_.detail + DetailAt(y, x, quarter);
      for (int c = 0; c < layout_.detail(); ++c) out[c * kQuarters + quarter] = detail[c] / step_;
    }
  }

  int LikelyDepth() const {
    for (int i = layout_.symbols() - 1; i >= 0; --i) {
      if (std::fabs(value_[i]) >= kEdge) return layout_.GroupOf(i) + 1;
    }
    return 0;
  }

  // Codes the tile so deep; returns how deep symbols reach.
  int Try(int y, int x, int depth, TileResult* result) const {
    result->depth = depth;
    result->bits = 0;
    int deepest = 0;
    int own = 0;
    const int end = layout_.GroupEnd(depth - 1);
    for (int kind = 0; kind < 2; ++kind) {
      const int first = kind == 0 ? 0 : layout_.bottleneck();
      const int last = kind == 0 ? std::min(end, layout_.bottleneck()) : end;
      const int context = grid_.Context(y, x, kind, own);
      result->contexts[kind] = context;
      for (int i = first; i < last; ++i) {
        const Law& law = LawOf(prior_.Scale(item_.qp, i, depth, context));
        float bits;
        const int q = Round(std::fabs(value_[i]), law, &bits);
        result->bits += bits;
        result->q[i] = static_cast<int16_t>(std::min(q, 32767));
        const float magnitude = q == 0 ? 0 : static_cast<float>(q) - law.pull;
        result->decoded[i] = std::copysign(magnitude, value_[i]);
        if (q == 0) continue;
        deepest = layout_.GroupOf(i) + 1;
        if (kind == 0) own = std::min(own + 2 * q, 65535);
      }
    }
    return deepest;
  }

  float DepthBits(int context, int depth) {
    CostCounter counter;
    CodeTree(counter, models_[context], depth);
    return static_cast<float>(counter.cost) / 256;
  }

  float CodeTile(int y, int x) {
    Measure(y, x);
    TileResult result;
    for (int depth = LikelyDepth(), tries = 0; depth > 0; ++tries) {
      const int used = Try(y, x, depth, &result);
      if (used == depth || tries == 2) break;
      depth = result.depth = used;
    }
    const int context = codec::DepthContext(depths_, item_.columns, y, x);
    depths_[static_cast<size_t>(y) * item_.columns + x] = static_cast<uint8_t>(result.depth);
    Write(y, x, result);
    if (statistics_ != nullptr) Count(context, result);
    return (result.depth == 0 ? 0 : result.bits) + DepthBits(context, result.depth);
  }

  // Decoded latents and slopes, and what the next tiles see of this one.
  void Write(int y, int x, const TileResult& result) {
    const int end = result.depth == 0 ? 0 : layout_.GroupEnd(result.depth - 1);
    codec::TileActivity& activity = grid_.At(y, x);
    for (int i = 0; i < layout_.symbols(); ++i) {
      const bool coded = i < end;
      const bool detail = i >= layout_.bottleneck();
      float slope = 0;
      if (coded) {
        const int scale = prior_.Scale(item_.qp, i, result.depth, result.contexts[detail ? 1 : 0]);
        slope = Slope(value_[i], LawOf(scale)) / step_;
        uint16_t& held = activity.held[detail ? 1 : 0];
        held = static_cast<uint16_t>(std::min(held + 2 * result.q[i], 65535));
      }
      const float decoded = coded ? result.decoded[i] * step_ : 0;
      const float passes = coded && result.q[i] != 0 ? 1 : 0;
      if (detail) {
        const int k = i - layout_.bottleneck();
        const size_t at = DetailAt(y, x, k % kQuarters) + k / kQuarters;
        item_.decoded_detail[at] = decoded;
        item_.slope_detail[at] = slope;
        item_.passes_detail[at] = passes;
      } else {
        LatentAt(item_.decoded, y, x)[i] = decoded + (i < kLow ? expected_[i] : 0);
        LatentAt(item_.slope, y, x)[i] = slope;
        LatentAt(item_.passes, y, x)[i] = passes;
      }
    }
  }

  void Count(int context, const TileResult& result) const {
    statistics_->AddDepth(item_.qp, context, result.depth);
    if (result.depth == 0) return;
    std::array<int32_t, kMaxSymbols> distance64;
    for (int i = 0; i < layout_.symbols(); ++i) {
      distance64[i] = static_cast<int32_t>(std::lround(value_[i] * 64));
    }
    const auto run = [&](int kind, int first, int end) {
      statistics_->AddRun(prior_, item_.qp, result.depth, result.contexts[kind], first,
                          {distance64.data() + first, distance64.data() + end});
    };
    run(0, 0, layout_.bottleneck());
    run(1, layout_.bottleneck(), layout_.symbols());
  }

  const codec::Prior& prior_;
  const codec::Layout& layout_;
  const Item& item_;
  codec::PriorStatistics* statistics_;
  const float step_;
  std::array<codec::DepthModel, codec::kDepthContexts> models_;
  codec::TileGrid grid_;
  std::vector<uint8_t> depths_;
  std::array<float, kLow> expected_;
  std::array<float, kMaxSymbols> value_;  // distance from what is expected, in steps
};

// The argument of the function that is no tensor.
struct Coding {
  const codec::Prior* prior;
  codec::PriorStatistics* statistics;
};

class CodeTilesFunction : public torch::autograd::Function<CodeTilesFunction> {
 public:
  static variable_list forward(AutogradContext* context, const Tensor& latent_in,
                               const Tensor& detail_in, const Tensor& qp, const Coding& coding) {
    const auto latent = fused::Nhwc(latent_in);
    const auto detail = fused::Nhwc(detail_in);
    const auto like = [](const Tensor& x) { return fused::NewLike(x, torch::kFloat32); };
    const auto decoded = like(latent), slope = like(latent), passes = like(latent);
    const auto decoded_detail = like(detail), slope_detail = like(detail);
    const auto passes_detail = like(detail);
    auto bits = torch::zeros({latent.size(0)});
    const int64_t size = latent.numel() / latent.size(0);
    const int64_t detail_size = detail.numel() / latent.size(0);
    for (int64_t n = 0; n < latent.size(0); ++n) {
      const Item item = {fused::Float(latent) + n * size,
                         fused::Float(detail) + n * detail_size,
                         fused::Float(decoded) + n * size,
                         fused::Float(decoded_detail) + n * detail_size,
                         fused::Float(slope) + n * size,
                         fused::Float(slope_detail) + n * detail_size,
                         fused::Float(passes) + n * size,
                         fused::Float(passes_detail) + n * detail_size,
                         static_cast<int>(latent.size(2)),
                         static_cast<int>(latent.size(3)),
                         static_cast<int>(std::lround(qp[n].item<float>()))};
      bits.data_ptr<float>()[n] = ItemCoder(*coding.prior, item, coding.statistics).Run();
    }
    context->save_for_backward({slope, slope_detail, passes, passes_detail});
    return {bits, decoded, decoded_detail};
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    const auto bits = grads[0].reshape({-1, 1, 1, 1});
    return {saved[0] * bits + saved[2] * grads[1], saved[1] * bits + saved[3] * grads[2], Tensor(),
            Tensor()};
  }
};

}  // namespace

CodedTiles CodeTiles(const Tensor& latent, const Tensor& detail, const Tensor& qp,
                     const codec::Prior& prior, codec::PriorStatistics* statistics) {
  const auto out = CodeTilesFunction::apply(latent, detail, qp, Coding{&prior, statistics});
  return {out[0], out[1], out[2]};
}

}  // namespace furl::train::squeeze
