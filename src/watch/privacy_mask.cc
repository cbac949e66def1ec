#include "watch/privacy_mask.h"

#include <algorithm>
#include <utility>

namespace furl::watch {
namespace {

// Of 8 bits: a dark gray in any range.
constexpr int kLuma = 64;
constexpr int kChroma = 128;

void Fill(Plane plane, int row, int begin, int end, uint16_t value) {
  if (row >= plane.height) return;
  end = std::min(end, plane.width);
  std::fill(plane.row(row) + begin, plane.row(row) + end, value);
}

}  // namespace

void PrivacyMask::Begin(int width, int height) {
  width_ = width;
  height_ = height;
  runs_.clear();
  const Lattice lattice = Lattice::OfBlocks(width, height, 2);
  const Cells cells = zones_.CellsFor(ZoneUse::kMask, lattice);
  for (int row = 0; row < lattice.rows; ++row) {
    const auto begin = cells.begin() + static_cast<std::ptrdiff_t>(row) * lattice.cols;
    const auto end = begin + lattice.cols;
    for (auto at = std::find(begin, end, 1); at != end; at = std::find(at, end, 1)) {
      const auto past = std::find(at, end, 0);
      runs_.push_back({row, static_cast<int>(at - begin), static_cast<int>(past - begin)});
      at = past;
    }
  }
}

Result<ConstFramePtr> PrivacyMask::Apply(const ConstFramePtr& frame) {
  if (!zones_.Has(ZoneUse::kMask)) return frame;
  if (frame->width() != width_ || frame->height() != height_) {
    Begin(frame->width(), frame->height());
  }
  FURL_ASSIGN_OR_RETURN(const FramePtr masked, frame->Copy());
  const int shift = frame->bit_depth() - 8;
  for (const Run& run : runs_) {
    for (int half = 0; half < 2; ++half) {
      Fill(masked->plane(0), 2 * run.row + half, 2 * run.begin, 2 * run.end,
           static_cast<uint16_t>(kLuma << shift));
    }
    for (int p = 1; p < 3; ++p) {
      Fill(masked->plane(p), run.row, run.begin, run.end, static_cast<uint16_t>(kChroma << shift));
    }
  }
  return ConstFramePtr(masked);
}

}  // namespace furl::watch
