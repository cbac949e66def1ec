#include "train/losses/planes.h"

#include "codec/common/pack.h"
#include "train/base/units.h"

namespace furl::train {
namespace {

// `planes` planes of blocks of side*side samples, packed one after the other into channels.
Tensor Unpack(const Tensor& packed, int64_t planes, int64_t side) {
  const int64_t n = packed.size(0);
  const int64_t h = packed.size(2);
  const int64_t w = packed.size(3);
  return packed.reshape({n, planes, side, side, h, w})
      .permute({0, 1, 4, 2, 5, 3})
      .reshape({n, planes, h * side, w * side});
}

}  // namespace

Planes ToPlanes(const Tensor& packed) {
  const auto samples = packed * kSampleUnit;
  return {Unpack(samples.slice(1, 0, 64), 1, 8),
          Unpack(samples.slice(1, 64, kPackedChannels), 2, 4)};
}

Tensor SumItems(const Tensor& x) { return x.flatten(1).sum(1); }

double PixelsOf(const Tensor& packed) {
  return static_cast<double>(packed.size(2) * packed.size(3) * 64);
}

}  // namespace furl::train
