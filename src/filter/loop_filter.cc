#include "filter/loop_filter.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/checked_math.h"

namespace furl::filter {
namespace {

constexpr int kBandCells = 16;  // rows of cells that one job does

Status CheckTables(const LoopFilterTables& t) {
  if (t.banks < 1 || t.banks > LoopFilter::kMaxBanks ||
      (t.residual_levels != 1 && t.residual_levels != 3)) {
    return InvalidStream("loop filter of unknown shape");
  }
  const size_t taps = static_cast<size_t>(t.classes()) * kTaps;
  if (t.taps[0].size() != taps || t.taps[1].size() != taps || t.bank_of_qp.size() != kNumQps ||
      t.thresholds.size() != kNumQps * kThresholds) {
    return InvalidStream("loop filter tables of the wrong size");
  }
  for (const auto& plane : t.taps) {
    for (int16_t tap : plane) {
      if (std::abs(tap) > LoopFilter::kMaxTap) return InvalidStream("loop filter tap out of range");
    }
  }
  for (uint8_t bank : t.bank_of_qp) {
    if (bank >= t.banks) return InvalidStream("loop filter bank out of range");
  }
  return OkStatus();
}

// The taps of one kind of plane times `strength`.
std::vector<ClassTaps> ScaleTaps(const std::vector<int16_t>& taps, int strength) {
  std::vector<ClassTaps> out(taps.size() / kTaps);
  for (size_t c = 0; c < out.size(); ++c) {
    for (int k = 0; k < kTaps; ++k) {
      const auto scaled = static_cast<int16_t>(taps[c * kTaps + k] * strength);
      const int at = k / 2 * 4 + k % 2;
      out[c].pairs[at] = scaled;
      out[c].pairs[at + 2] = scaled;
    }
    std::fill(out[c].pairs + 12, out[c].pairs + 16, int16_t{0});
  }
  return out;
}

// The kernels, or their definitions.
struct Kernels {
  decltype(&SumCells) sum;
  decltype(&ClassifyCells) classify;
  decltype(&FilterRows) filter;
};
constexpr Kernels kSimd = {SumCells, ClassifyCells, FilterRows};
constexpr Kernels kScalar = {SumCellsScalar, ClassifyCellsScalar, FilterRowsScalar};

// The classes of a plane's cells, row by row from top to bottom: keeps the sums of the
// three rows of cells that the next classes need.
class CellClassifier {
 public:
  CellClassifier(const LoopFilterInput& input, int p, const std::array<CellRule, kNumQps>& rules,
                 const Kernels& kernels)
      : input_(input),
        rules_(rules),
        kernels_(kernels),
        plane_(input.decoded->plane(p)),
        cells_(CeilDiv(plane_.width, 2)),
        cell_rows_(CeilDiv(plane_.height, 2)),
        block_cells_((p == 0 ? kQpBlock : kQpBlock / 2) / 2),
        block_columns_(CeilDiv(input.decoded->width(), kQpBlock)),
        classes_(cells_ + kCellVector) {
    if (input.prediction != nullptr) predicted_ = (*input.prediction)[p];
    const size_t length = kCellVector + cells_ + kCellVector;
    storage_.resize(3 * kSums * length);
    for (int r = 0; r < 3; ++r) {
      for (int s = 0; s < kSums; ++s) {
        ring_[r].sums[s] = storage_.data() + (r * kSums + s) * length + kCellVector;
      }
    }
  }

  // Must be called for rows in increasing order. Valid until the next call.
  const uint16_t* Row(int row) {
    for (int r = std::max({done_ + 1, row - 1, 0}); r <= std::min(row + 1, cell_rows_ - 1); ++r) {
      kernels_.sum(Samples(plane_, r),
                   predicted_.data == nullptr ? RowPair{} : Samples(predicted_, r), cells_,
                   ring_[r % 3]);
      done_ = r;
    }
    const std::array<CellRow, 3> sums = {ring_[std::max(row - 1, 0) % 3], ring_[row % 3],
                                         ring_[std::min(row + 1, cell_rows_ - 1) % 3]};
    // Neighbouring blocks of one QP are done at once.
    const uint8_t* qps = input_.block_qps.data() + row / block_cells_ * block_columns_;
    for (int first = 0; first < cells_;) {
      const int qp = qps[first / block_cells_];
      int last = first;
      while (last < cells_ && qps[last / block_cells_] == qp) last += block_cells_;
      last = std::min(last, cells_);
      kernels_.classify(sums, rules_[qp], first, last, classes_.data());
      first = last;
    }
    return classes_.data();
  }

  int cells() const { return cells_; }
  int cell_rows() const { return cell_rows_; }

 private:
  static RowPair Samples(const ConstPlane& plane, int row) {
    return {plane.row(2 * row), plane.stride};
  }

  const LoopFilterInput& input_;
  const std::array<CellRule, kNumQps>& rules_;
  const Kernels& kernels_;
  const ConstPlane plane_;
  ConstPlane predicted_;
  const int cells_;
  const int cell_rows_;
  const int block_cells_;
  const int block_columns_;
  int done_ = -1;  // last row that was summed
  std::array<CellRow, 3> ring_;
  std::vector<uint16_t> storage_;
  std::vector<uint16_t> classes_;
};

// Filters rows of cells first..last-1 of plane p.
void FilterBand(const LoopFilterInput& input, int p, const std::array<CellRule, kNumQps>& rules,
                const std::vector<ClassTaps>& taps, const Kernels& kernels, int first, int last,
                Frame* out) {
  CellClassifier classifier(input, p, rules, kernels);
  const ConstPlane from = input.decoded->plane(p);
  const Plane to = out->plane(p);
  for (int row = first; row < std::min(last, classifier.cell_rows()); ++row) {
    const uint16_t* classes = classifier.Row(row);
    const int y = 2 * row;
    const FilteredRows rows = {{to.row(y), y + 1 < to.height ? to.row(y + 1) : nullptr},
                               out->bit_depth()};
    kernels.filter({from.row(y), from.stride}, classes, taps.data(), classifier.cells(), rows);
  }
}

void RoundPlane(const ConstPlane& from, ThreadPool* pool, int bit_depth, const Plane& to) {
  const int down = kSampleBits - bit_depth;
  const int half = (1 << down) >> 1;
  const int max = (1 << bit_depth) - 1;
  ParallelFor(pool, CeilDiv(to.height, kBandCells), [&](int band) {
    for (int y = band * kBandCells; y < std::min((band + 1) * kBandCells, to.height); ++y) {
      const uint16_t* a = from.row(y);
      uint16_t* b = to.row(y);
      for (int x = 0; x < to.width; ++x) {
        b[x] = static_cast<uint16_t>(std::min((a[x] + half) >> down, max));
      }
    }
  });
}

}  // namespace

Result<std::shared_ptr<const LoopFilter>> LoopFilter::Create(LoopFilterTables tables) {
  FURL_RETURN_IF_ERROR(CheckTables(tables));
  return std::shared_ptr<const LoopFilter>(new LoopFilter(std::move(tables)));
}

std::array<CellRule, kNumQps> LoopFilter::Rules() const {
  std::array<CellRule, kNumQps> rules;
  const int bank_classes = tables_.classes() / tables_.banks;
  for (int qp = 0; qp < kNumQps; ++qp) {
    const uint16_t* thresholds = tables_.thresholds.data() + qp * kThresholds;
    std::copy_n(thresholds, kThresholds, rules[qp].thresholds.begin());
    if (tables_.residual_levels == 1) {
      std::fill_n(rules[qp].thresholds.begin() + kActivities - 1, 2, INT32_MAX);
    }
    rules[qp].first_class = tables_.bank_of_qp[qp] * bank_classes;
  }
  return rules;
}

void LoopFilter::RunWith(bool scalar, const LoopFilterInput& input,
                         const FilterStrengths& strengths, ThreadPool* pool, Frame* out) const {
  const Kernels& kernels = scalar ? kScalar : kSimd;
  const std::array<CellRule, kNumQps> rules = Rules();
  for (int p = 0; p < 3; ++p) {
    const int strength = strengths[p == 0 ? 0 : 1];
    const Plane plane = out->plane(p);
    if (strength == 0) {
      RoundPlane(input.decoded->plane(p), pool, out->bit_depth(), plane);
      continue;
    }
    const std::vector<ClassTaps> taps = ScaleTaps(tables_.taps[p == 0 ? 0 : 1], strength);
    ParallelFor(pool, CeilDiv(plane.height, 2 * kBandCells), [&](int band) {
      FilterBand(input, p, rules, taps, kernels, band * kBandCells, (band + 1) * kBandCells, out);
    });
  }
}

void LoopFilter::Run(const LoopFilterInput& input, const FilterStrengths& strengths,
                     ThreadPool* pool, Frame* out) const {
  RunWith(false, input, strengths, pool, out);
}

void LoopFilter::RunScalar(const LoopFilterInput& input, const FilterStrengths& strengths,
                           Frame* out) const {
  RunWith(true, input, strengths, nullptr, out);
}

std::vector<uint16_t> LoopFilter::Classify(const LoopFilterInput& input, int p) const {
  const std::array<CellRule, kNumQps> rules = Rules();
  CellClassifier classifier(input, p, rules, kSimd);
  std::vector<uint16_t> classes;
  for (int row = 0; row < classifier.cell_rows(); ++row) {
    const uint16_t* cells = classifier.Row(row);
    classes.insert(classes.end(), cells, cells + classifier.cells());
  }
  return classes;
}

void RoundPicture(const Frame& decoded, ThreadPool* pool, Frame* out) {
  for (int p = 0; p < 3; ++p) RoundPlane(decoded.plane(p), pool, out->bit_depth(), out->plane(p));
}

}  // namespace furl::filter
