#include "motion/weights.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/checked_math.h"

namespace furl::motion {
namespace {

constexpr int kBand = 32;  // rows that one job does

// What every value of a sample of `plane` becomes.
std::vector<uint16_t> TableOf(const Weights& weights, int plane, int bit_depth) {
  std::vector<uint16_t> table(size_t{1} << bit_depth);
  for (size_t s = 0; s < table.size(); ++s) {
    table[s] = static_cast<uint16_t>(Weigh(weights, plane, bit_depth, static_cast<int>(s)));
  }
  return table;
}

}  // namespace

Result<ConstFramePtr> WeighReference(const ConstFramePtr& reference, const Weights& weights,
                                     ThreadPool* pool) {
  if (weights == Weights()) return reference;
  FURL_ASSIGN_OR_RETURN(FramePtr picture,
                        Frame::Create(reference->width(), reference->height(),
                                      reference->bit_depth(), reference->border()));
  for (int p = 0; p < 3; ++p) {
    const std::vector<uint16_t> table = TableOf(weights, p, reference->bit_depth());
    const ConstPlane from = reference->plane(p);
    const Plane to = picture->plane(p);
    ParallelFor(pool, CeilDiv(from.height, kBand), [&](int band) {
      for (int y = band * kBand; y < std::min((band + 1) * kBand, from.height); ++y) {
        const uint16_t* const in = from.row(y);
        uint16_t* const out = to.row(y);
        for (int x = 0; x < from.width; ++x) out[x] = table[in[x]];
      }
    });
  }
  picture->ExtendBorder();
  return ConstFramePtr(std::move(picture));
}

}  // namespace furl::motion
