#include "train/families/vq/fused_slices.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "codec/common/rate_distortion.h"
#include "train/network/fused_tensors.h"

namespace furl::train::vq {
namespace {

namespace codec = furl::vq;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr float kLn2 = 0.69314718F;
constexpr float kLambda = static_cast<float>(kLagrangian);
constexpr float kWorth = 9 * kLambda;  // squared steps that make a vector worth an entry
constexpr int64_t kSpare = 128;        // of a pass

float Exp2(float x) { return std::exp(x * kLn2); }
float Log2(float x) { return std::log(x) / kLn2; }

// The law of one slice's entries, and the best of them.
class EntryLaw {
 public:
  explicit EntryLaw(int entries) : parts_(entries), costs_(entries) {}

  // Takes the logits.
  void Set(const float* logits) {
    const int n = static_cast<int>(parts_.size());
    float top = logits[0];
    for (int k = 1; k < n; ++k) top = std::max(top, logits[k]);
    float sum = 0;
    for (int k = 0; k < n; ++k) {
      parts_[k] = Exp2(logits[k] - top);
      sum += parts_[k];
    }
    const float inverse = 1 / sum;
    for (int k = 0; k < n; ++k) parts_[k] *= inverse;
    whole_ = top + Log2(sum);
  }
  float Bits(float logit) const { return whole_ - logit; }
  const std::vector<float>& parts() const { return parts_; }

  // The entry with the least squared error and bits; `gain` gets its cost less that of none.
  int Best(const FlatBook& book, const float* logits, const float* missing, float* gain) {
    const int n = book.entries;
    for (int k = 0; k < n; ++k) costs_[k] = book.norms[k] + kLambda * (whole_ - logits[k]);
    for (int d = book.begin; d < book.end; ++d) {
      const float twice = 2 * missing[d];
      const float* const numbers = book.numbers.data() + static_cast<size_t>(d - book.begin) * n;
      for (int k = 0; k < n; ++k) costs_[k] -= twice * numbers[k];
    }
    const auto best = std::min_element(costs_.begin(), costs_.end());
    *gain = *best;
    return static_cast<int>(best - costs_.begin());
  }

 private:
  std::vector<float> parts_;  // probabilities
  std::vector<float> costs_;
  float whole_ = 0;
};

// Derivatives of the bits of one slice that was asked for.
struct Slope {
  int64_t place;  // position * slices + slice
  int item;
  int context;
  float odds;
  int64_t entries = -1;  // where the derivatives by logits start, or none
};

// What a pass remembers for its gradient.
struct Slopes {
  std::vector<Slope> all;
  std::vector<float> logits;
};

class PassWalk {
 public:
  PassWalk(const Tensor& logits, const Tensor& odds, const Tensor& contexts, const Tensor& missing,
           const Tensor& counts, const SlicePass& pass)
      : logits_(fused::Float(logits)),
        odds_(fused::Float(odds)),
        contexts_(fused::Float(contexts)),
        missing_(fused::Float(missing)),
        counts_(fused::Float(counts)),
        pass_(pass),
        slices_(static_cast<int>(pass.books.size())),
        entries_(pass.books[0].entries),
        odds_width_(odds.size(1)),
        width_(missing.size(1)),
        law_(entries_) {}

  void Run(int64_t items, int64_t h, int64_t w, float* bits, float* added, float* coded,
           Slopes* slopes) {
    spare_.resize(slices_);
    for (int64_t n = 0; n < items; ++n) {
      for (int64_t i = 0; i < h * w; ++i) {
        if (!pass_.phase.Has(static_cast<int>(i / w), static_cast<int>(i % w))) continue;
        const int64_t at = n * h * w + i;
        bits[n] += CodePosition(static_cast<int>(n), at, added, coded, slopes);
      }
    }
    if (pass_.uses != nullptr) KeepSpare();
  }

 private:
  float CodePosition(int item, int64_t at, float* added, float* coded, Slopes* slopes) {
    float bits = 0;
    int before = 0;
    for (int slice = 0; slice < slices_; ++slice) {
      if (counts_[at * slices_ + slice] != static_cast<float>(pass_.stage)) continue;
      const bool yes = CodeSlice(item, at, slice, before, added, slopes, &bits);
      coded[at * slices_ + slice] = yes ? 1.0F : 0.0F;
      if (yes) before = std::min(before + 1, codec::kContexts - 1);
    }
    return bits;
  }

  bool CodeSlice(int item, int64_t at, int slice, int before, float* added, Slopes* slopes,
                 float* bits) {
    const FlatBook& book = pass_.books[slice];
    const float* const logits = logits_ + (at * slices_ + slice) * entries_;
    const float* const missing = missing_ + at * width_;
    const float odds =
        odds_[at * odds_width_ + slice] + contexts_[slice * codec::kContexts + before];
    const float yes_part = 1 / (1 + Exp2(-odds));
    const float yes_bits = Log2(1 + Exp2(-odds));
    const float no_bits = Log2(1 + Exp2(odds));
    law_.Set(logits);
    float gain = 0;
    const int entry = law_.Best(book, logits, missing, &gain);
    const bool yes = gain + kLambda * (yes_bits - no_bits) < 0;
    *bits += yes ? yes_bits + law_.Bits(logits[entry]) : no_bits;
    Slope slope = {at * slices_ + slice, item, slice * codec::kContexts + before,
                   yes ? yes_part - 1 : yes_part};
    if (yes) {
      slope.entries = static_cast<int64_t>(slopes->logits.size());
      slopes->logits.insert(slopes->logits.end(), law_.parts().begin(), law_.parts().end());
      slopes->logits[slope.entries + entry] -= 1;
      for (int d = book.begin; d < book.end; ++d) {
        added[at * width_ + d] = book.numbers[(d - book.begin) * entries_ + entry];
      }
    }
    slopes->all.push_back(slope);
    if (pass_.uses != nullptr) Observe(slice, entry, yes, missing);
    return yes;
  }

  void Observe(int slice, int entry, bool yes, const float* missing) {
    const FlatBook& book = pass_.books[slice];
    BookUse& use = pass_.uses[slice];
    fused::Float(use.asked)[0] += 1;
    float power = 0;
    for (int d = book.begin; d < book.end; ++d) power += missing[d] * missing[d];
    if (power > kWorth)
      spare_[slice].insert(spare_[slice].end(), missing + book.begin, missing + book.end);
    if (!yes) return;
    fused::Float(use.counts)[entry] += 1;
    float* const sums =
        fused::Float(use.sums) + static_cast<size_t>(entry) * (book.end - book.begin);
    for (int d = book.begin; d < book.end; ++d) sums[d - book.begin] += missing[d];
  }

  void KeepSpare() {
    for (int slice = 0; slice < slices_; ++slice) {
      const int64_t width = pass_.books[slice].end - pass_.books[slice].begin;
      const auto all = torch::from_blob(
          spare_[slice].data(), {static_cast<int64_t>(spare_[slice].size()) / width, width});
      const auto some = torch::randperm(all.size(0)).slice(0, 0, kSpare);
      Tensor& kept = pass_.uses[slice].spare;
      kept = torch::cat({kept, all.index_select(0, some)});
    }
  }

  const float* const logits_;
  const float* const odds_;
  const float* const contexts_;
  const float* const missing_;
  const float* const counts_;
  const SlicePass& pass_;
  const int slices_;
  const int entries_;
  const int64_t odds_width_;
  const int64_t width_;
  EntryLaw law_;
  std::vector<std::vector<float>> spare_;  // by slice
};

class CodeSlicesFunction : public torch::autograd::Function<CodeSlicesFunction> {
 public:
  static variable_list forward(AutogradContext* context, const Tensor& logits_in,
                               const Tensor& odds_in, const Tensor& contexts_in,
                               const Tensor& missing_in, const Tensor& counts_in,
                               const SlicePass& pass) {
    const auto logits = fused::Nhwc(logits_in.to(torch::kFloat32));
    const auto odds = fused::Nhwc(odds_in.to(torch::kFloat32));
    const auto contexts = contexts_in.contiguous();
    const auto missing = fused::Nhwc(missing_in);
    const auto counts = fused::Nhwc(counts_in);
    auto bits = torch::zeros({logits.size(0)});
    auto added = fused::NewLike(missing, torch::kFloat32).zero_();
    auto coded = fused::NewLike(counts, torch::kFloat32).zero_();
    auto slopes = std::make_shared<Slopes>();
    PassWalk(logits, odds, contexts, missing, counts, pass)
        .Run(logits.size(0), logits.size(2), logits.size(3), fused::Float(bits),
             fused::Float(added), fused::Float(coded), slopes.get());
    Save(*slopes, context);
    context->saved_data["logits"] = logits.sizes();
    context->saved_data["odds"] = odds.sizes();
    context->saved_data["contexts"] = contexts.sizes();
    context->mark_non_differentiable({added, coded});
    return {bits, added, coded};
  }

  static variable_list backward(AutogradContext* context, variable_list grads) {
    const auto saved = context->get_saved_variables();
    const auto sizes = [&](const char* name) { return context->saved_data[name].toIntVector(); };
    const auto zeros = [&](const char* name) {
      return torch::zeros(sizes(name), torch::TensorOptions())
          .contiguous(torch::MemoryFormat::ChannelsLast);
    };
    auto logits = zeros("logits");
    auto odds = zeros("odds");
    auto contexts = torch::zeros(sizes("contexts"));
    const auto bits = grads[0].contiguous();
    const int64_t* const where = saved[0].data_ptr<int64_t>();
    const float* const slopes = saved[1].data_ptr<float>();
    const float* const entry_slopes = saved[2].data_ptr<float>();
    const int64_t slices = contexts.size(0);
    const int64_t entries = logits.size(1) / slices;
    for (int64_t i = 0; i < saved[1].size(0); ++i) {
      const int64_t* const w = where + 4 * i;  // place, item, context, start of entries
      const float grad = bits.data_ptr<float>()[w[1]];
      const int64_t position = w[0] / slices;
      odds.data_ptr<float>()[position * odds.size(1) + w[0] % slices] = slopes[i] * grad;
      contexts.data_ptr<float>()[w[2]] += slopes[i] * grad;
      if (w[3] < 0) continue;
      float* const out = logits.data_ptr<float>() + w[0] * entries;
      for (int64_t k = 0; k < entries; ++k) out[k] = entry_slopes[w[3] + k] * grad;
    }
    return {logits, odds, contexts, Tensor(), Tensor(), Tensor()};
  }

 private:
  static void Save(const Slopes& slopes, AutogradContext* context) {
    const auto count = static_cast<int64_t>(slopes.all.size());
    auto where = torch::empty({count, 4}, torch::kInt64);
    auto odds = torch::empty({count});
    for (int64_t i = 0; i < count; ++i) {
      const Slope& slope = slopes.all[i];
      int64_t* const w = where.data_ptr<int64_t>() + 4 * i;
      w[0] = slope.place;
      w[1] = slope.item;
      w[2] = slope.context;
      w[3] = slope.entries;
      odds.data_ptr<float>()[i] = slope.odds;
    }
    auto entries = torch::empty({static_cast<int64_t>(slopes.logits.size())});
    std::copy(slopes.logits.begin(), slopes.logits.end(), entries.data_ptr<float>());
    context->save_for_backward({where, odds, entries});
  }
};

}  // namespace

std::vector<FlatBook> FlattenStage(const Codebooks& books, int64_t stage) {
  std::vector<FlatBook> flat;
  for (int64_t slice = 0; slice < books.slices(); ++slice) {
    const auto book = books.Book(books.IndexOf(stage, slice)).to(torch::kCPU);
    const auto columns = book.t().contiguous();
    const auto norms = book.square().sum(1).contiguous();
    FlatBook& own = flat.emplace_back();
    own.entries = static_cast<int>(book.size(0));
    own.begin = static_cast<int>(books.begin(slice));
    own.end = static_cast<int>(books.end(slice));
    own.numbers.assign(columns.data_ptr<float>(), columns.data_ptr<float>() + columns.numel());
    own.norms.assign(norms.data_ptr<float>(), norms.data_ptr<float>() + norms.numel());
  }
  return flat;
}

CodedSlices CodeSlices(const Tensor& logits, const Tensor& odds, const Tensor& contexts,
                       const Tensor& missing, const Tensor& counts, const SlicePass& pass) {
  const auto out =
      CodeSlicesFunction::apply(logits, odds, contexts, missing.detach(), counts, pass);
  return {out[0], out[1], out[2]};
}

}  // namespace furl::train::vq
