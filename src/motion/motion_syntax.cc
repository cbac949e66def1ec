#include "motion/motion_syntax.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace furl::motion {
namespace {

constexpr int kRootCells = 1 << (kRootLog2 - kCellLog2);

// One direction of the syntax: with a RangeEncoder the blocks come from the
// field, with a RangeDecoder they go into it.
template <typename Coder, typename Meter>
class FieldCoder {
 public:
  FieldCoder(const MotionReferences& refs, MotionField* field, MotionContexts* contexts,
             Coder* coder, Meter meter)
      : refs_(refs), field_(*field), contexts_(*contexts), coder_(*coder), meter_(meter) {}

  Status Run() {
    field_.overlap = CodeRaw(coder_, field_.overlap, 1) != 0;
    meter_.ChargeWhole();
    for (int row = 0; row < field_.rows(); row += kRootCells) {
      for (int col = 0; col < field_.cols(); col += kRootCells) {
        FURL_RETURN_IF_ERROR(CodeNode({col, row, kRootCells}));
      }
      if constexpr (kReads) {
        if (coder_.overrun()) return InvalidStream("motion data is truncated");
      }
    }
    return OkStatus();
  }

 private:
  static constexpr bool kReads = std::is_same_v<Coder, RangeDecoder>;

  Status CodeNode(const BlockPlace& place) {
    if (place.col >= field_.cols() || place.row >= field_.rows()) return OkStatus();
    const Neighbors neighbors(field_, place);
    const BlockContexts c(neighbors, place.size_log2());
    bool split = false;
    if (place.size > 1) {
      const bool wanted = field_.at(place.col, place.row).size_log2 < place.size_log2();
      split = CodeBit(coder_, contexts_.split[c.size_index][c.smaller], wanted);
    }
    if (!split) return CodeBlock(place, neighbors, c);
    const int half = place.size / 2;
    for (int i = 0; i < 4; ++i) {
      const BlockPlace child = {place.col + (i & 1) * half, place.row + (i >> 1) * half, half};
      FURL_RETURN_IF_ERROR(CodeNode(child));
    }
    return OkStatus();
  }

  Status CodeBlock(const BlockPlace& place, const Neighbors& neighbors, const BlockContexts& c) {
    BlockMotion block = field_.at(place.col, place.row);
    MergeList list;
    ListMergeCandidates(field_, place, neighbors, refs_, &list);
    int index = 0;  // of the candidate that equals the block, kMergeCandidates: none
    while (index < kMergeCandidates && !list.candidate[index].SameMotion(block)) ++index;
    const bool wanted = index < kMergeCandidates;
    const bool merged = CodeBit(coder_, contexts_.merge[c.size_index][c.merged], wanted);
    if (merged) {
      index = CodeUnary(coder_, contexts_.merge_index[c.size_index >= 2], index);
      block = list.candidate[index];
    } else {
      FURL_RETURN_IF_ERROR(CodeExplicit(place, neighbors, c, &block));
    }
    block.merged = merged;
    block.size_log2 = static_cast<uint8_t>(place.size_log2());
    field_.SetBlock(place.col, place.row, block);
    meter_.Charge(place.col << kCellLog2, place.row << kCellLog2, 1 << block.size_log2);
    return OkStatus();
  }

  Status CodeExplicit(const BlockPlace& place, const Neighbors& neighbors, const BlockContexts& c,
                      BlockMotion* block) {
    if constexpr (!kReads) {
      if (block->refs < 1 || block->refs >= 1 << refs_.count) {
        return InvalidArgument("field uses a missing reference");
      }
    }
    block->refs = CodeReferences(c, block->refs);
    const bool both = block->refs == 3;
    for (int r = 0; r < refs_.count; ++r) {
      if (!block->uses(r)) {
        block->mv[r] = MotionVector();
        continue;
      }
      VectorList list;
      ListVectorCandidates(field_, place, neighbors, refs_, r, &list);
      FURL_RETURN_IF_ERROR(CodeVector(list, &contexts_.vector[both], &block->mv[r]));
    }
    for (int r = refs_.count; r < kMaxReferences; ++r) block->mv[r] = MotionVector();
    return OkStatus();
  }

  uint8_t CodeReferences(const BlockContexts& c, int refs) {
    if (refs_.count == 1) return 1;
    if (CodeBit(coder_, contexts_.both[c.size_index][c.both], refs == 3)) return 3;
    return CodeBit(coder_, contexts_.second[c.second], refs == 2) ? 2 : 1;
  }

  Status CodeVector(const VectorList& list, VectorModel* model, MotionVector* v) {
    const int wanted = kReads ? 0 : Nearest(list, *v);
    const int index = CodeBit(coder_, contexts_.vector_index, wanted != 0);
    const MotionVector p = list.candidate[index];
    const int dx = CodeSigned(coder_, model->x, v->x - p.x);
    const int dy = CodeSigned(coder_, model->y[dx != 0], v->y - p.y);
    const int x = p.x + dx;
    const int y = p.y + dy;
    if (std::abs(x) > kMaxVector || std::abs(y) > kMaxVector) {
      return InvalidStream("motion vector out of range");
    }
    *v = {static_cast<int16_t>(x), static_cast<int16_t>(y)};
    return OkStatus();
  }

  // Any index is correct; this one is nearly always the cheaper.
  static int Nearest(const VectorList& list, MotionVector v) {
    const auto distance = [&](MotionVector p) { return std::abs(v.x - p.x) + std::abs(v.y - p.y); };
    return distance(list.candidate[1]) < distance(list.candidate[0]) ? 1 : 0;
  }

  const MotionReferences& refs_;
  MotionField& field_;
  MotionContexts& contexts_;
  Coder& coder_;
  Meter meter_;
};

template <typename Coder, typename Meter>
Status CodeField(const MotionReferences& refs, MotionField* field, MotionContexts* contexts,
                 Coder* coder, Meter meter) {
  FURL_RETURN_IF_ERROR(CheckReferences(refs, *field));
  std::copy_n(refs.distance, kMaxReferences, field->distance);
  return FieldCoder<Coder, Meter>(refs, field, contexts, coder, meter).Run();
}

// Cost of one bit either way.
void FillBit(const AdaptiveBit& model, int32_t prices[2]) {
  prices[0] = static_cast<int32_t>(BitCost(model, false));
  prices[1] = static_cast<int32_t>(BitCost(model, true));
}

}  // namespace

MotionContexts::MotionContexts() {
  // P(0) of the flags at the start of a frame, before any learning.
  const auto probability = [](double zero) {
    return AdaptiveBit(static_cast<uint32_t>(zero * AdaptiveBit::kOne), 6);
  };
  for (int size = 0; size < kSizes; ++size) {
    for (int n = 0; n < 3; ++n) {
      split[size][n] = probability(0.75 - 0.25 * n);
      merge[size][n] = probability(0.4 - 0.15 * n);
      both[size][n] = probability(0.7 - 0.2 * n);
    }
  }
  for (int n = 0; n < 3; ++n) second[n] = probability(0.7 - 0.2 * n);
}

Status WriteMotion(const MotionReferences& refs, MotionField* field, MotionContexts* contexts,
                   RangeEncoder* encoder) {
  return CodeField(refs, field, contexts, encoder, NoMeter());
}

Status ReadMotion(const MotionReferences& refs, MotionField* field, MotionContexts* contexts,
                  RangeDecoder* decoder, BitAccount* account) {
  return CodeField(refs, field, contexts, decoder, RangeMeter(*decoder, account));
}

BlockContexts::BlockContexts(const Neighbors& neighbors, int size_log2)
    : size_index(size_log2 - kCellLog2), smaller(0), merged(0), both(0), second(0) {
  for (const BlockMotion* n : {neighbors.left, neighbors.top}) {
    if (n == nullptr) continue;
    smaller += n->size_log2 < size_log2;
    merged += n->merged;
    both += n->refs == 3;
    second += n->refs == 2;
  }
}

MotionPrices::MotionPrices(const MotionContexts& contexts, int reference_count) {
  for (int size = 0; size < kSizes; ++size) {
    for (int n = 0; n < 3; ++n) {
      FillBit(contexts.split[size][n], split_[size][n]);
      if (size == 0) split_[0][n][0] = split_[0][n][1] = 0;  // cells are not split, nor told so
      FillBit(contexts.merge[size][n], merge_[size][n]);
      int32_t both[2];
      FillBit(contexts.both[size][n], both);
      for (int m = 0; m < 3; ++m) {
        int32_t second[2];
        FillBit(contexts.second[m], second);
        int32_t* prices = references_[size][n][m];
        prices[0] = 0;
        prices[1] = reference_count == 1 ? 0 : both[0] + second[0];
        prices[2] = both[0] + second[1];
        prices[3] = both[1];
      }
    }
  }
  for (int large = 0; large < 2; ++large) {
    for (int index = 0; index < kMergeCandidates; ++index) {
      CostCounter counter;
      UnaryModel<kMergeCandidates - 1> model = contexts.merge_index[large];
      CodeUnary(counter, model, index);
      merge_index_[large][index] = static_cast<int32_t>(counter.cost);
    }
  }
  FillBit(contexts.vector_index, vector_index_);
  for (int both = 0; both < 2; ++both) {
    Fill(contexts.vector[both].x, &x_[both]);
    for (int i = 0; i < 2; ++i) Fill(contexts.vector[both].y[i], &y_[both][i]);
  }
}

void MotionPrices::Fill(const SignedModel<14>& model, ComponentPrices* prices) {
  const auto price = [&](int value) {
    SignedModel<14> copy = model;
    CostCounter counter;
    CodeSigned(counter, copy, value);
    return static_cast<int32_t>(counter.cost);
  };
  for (int v = 0; v < kNear; ++v) prices->near[v] = (price(v) + price(-v)) / 2;
  for (int width = 0; width < 16; ++width) {
    prices->far[width] = price(std::min((1 << width) - 1, 2 * kMaxVector));
  }
}

int MotionPrices::Component(const ComponentPrices& prices, int v) {
  const int magnitude = std::abs(v);
  if (magnitude < kNear) return prices.near[magnitude];
  return prices.far[std::bit_width(static_cast<unsigned>(magnitude))];
}

}  // namespace furl::motion
