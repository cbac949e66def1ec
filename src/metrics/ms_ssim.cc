#include "metrics/ms_ssim.h"

#include <algorithm>
#include <cmath>

#include "base/aligned_buffer.h"
#include "metrics/ssim.h"

namespace furl {
namespace {

using FloatPlane = PlaneView<const float>;

constexpr int kJobRows = 32;

// 2x2 means of `in`, in `storage`; sums of integers are exact.
template <typename Sample>
Result<FloatPlane> Halve(PlaneView<const Sample> in, AlignedBuffer<float>* storage,
                         ThreadPool* pool) {
  const int width = (in.width + 1) / 2;
  const int height = (in.height + 1) / 2;
  FURL_RETURN_IF_ERROR(storage->Resize(static_cast<size_t>(width) * height));
  float* out = storage->data();
  ParallelFor(pool, (height + kJobRows - 1) / kJobRows, [&](int job) {
    for (int y = job * kJobRows; y < std::min(height, (job + 1) * kJobRows); ++y) {
      const Sample* top = in.row(2 * y);
      const Sample* bottom = in.row(std::min(2 * y + 1, in.height - 1));
      float* row = out + static_cast<ptrdiff_t>(y) * width;
      for (int x = 0; x < in.width / 2; ++x) {
        row[x] =
            static_cast<float>(top[2 * x] + top[2 * x + 1] + bottom[2 * x] + bottom[2 * x + 1]) *
            0.25f;
      }
      if (in.width % 2 != 0) {
        row[width - 1] = static_cast<float>(top[in.width - 1] + bottom[in.width - 1]) * 0.5f;
      }
    }
  });
  return FloatPlane{out, width, width, height};
}

// The factor of one scale, not yet to its power.
double Factor(const SsimMeans& means, bool coarsest) {
  return std::max(0.0, coarsest ? means.ssim : means.contrast_structure);
}

}  // namespace

int MsSsimScales(int width, int height) {
  int side = std::min(width, height);
  int scales = 1;
  for (side = (side + 1) / 2; scales < kMsSsimScales && side >= kSsimWindow;
       side = (side + 1) / 2) {
    ++scales;
  }
  return scales;
}

Result<double> MultiScaleSsim(ConstPlane a, ConstPlane b, int bit_depth, const SsimMeans& first,
                              ThreadPool* pool) {
  const SsimScale constants(bit_depth);
  const int scales = MsSsimScales(a.width, a.height);
  double exponent_sum = 0;
  for (int i = 0; i < scales; ++i) exponent_sum += kMsSsimExponents[i];
  double product = std::pow(Factor(first, scales == 1), kMsSsimExponents[0] / exponent_sum);

  AlignedBuffer<float> storage[2][2];  // [odd scale][a or b]
  FloatPlane half[2];
  for (int i = 1; i < scales; ++i) {
    auto& to = storage[i % 2];
    if (i == 1) {
      FURL_ASSIGN_OR_RETURN(half[0], Halve(a, &to[0], pool));
      FURL_ASSIGN_OR_RETURN(half[1], Halve(b, &to[1], pool));
    } else {
      FURL_ASSIGN_OR_RETURN(half[0], Halve(half[0], &to[0], pool));
      FURL_ASSIGN_OR_RETURN(half[1], Halve(half[1], &to[1], pool));
    }
    FURL_ASSIGN_OR_RETURN(const SsimMeans means, SsimOfPlanes(half[0], half[1], constants, pool));
    product *= std::pow(Factor(means, i == scales - 1), kMsSsimExponents[i] / exponent_sum);
  }
  return product;
}

}  // namespace furl
