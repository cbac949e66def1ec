#include "codec/latents/plane_offsets.h"

#include "base/checked_math.h"
#include "image/coding_scales.h"

namespace furl::latents {

void AddPlaneOffsets(const Frame& from, const PlaneOffsets& offsets, ThreadPool* pool, Frame* to) {
  const bool in_place = to == &from;
  if (in_place && offsets == PlaneOffsets{}) return;
  constexpr int kBand = 32;  // rows that one job does
  constexpr int kMax = (1 << kSampleBits) - 1;
  for (int p = 0; p < 3; ++p) {
    const int offset = offsets[p];
    if (in_place && offset == 0) continue;
    const ConstPlane source = from.plane(p);
    const Plane plane = to->plane(p);
    ParallelFor(pool, CeilDiv(plane.height, kBand), [&](int band) {
      for (int y = band * kBand; y < std::min((band + 1) * kBand, plane.height); ++y) {
        const uint16_t* in = source.row(y);
        uint16_t* out = plane.row(y);
        for (int x = 0; x < plane.width; ++x) {
          out[x] = static_cast<uint16_t>(std::clamp(in[x] + offset, 0, kMax));
        }
      }
    });
  }
  to->ExtendBorder();
}

}  // namespace furl::latents
