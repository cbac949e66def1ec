#include "codec/families/sense/study/linear_decoder.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/checked_math.h"

namespace furl::sense {
namespace {

// Moves the estimate `coefficients` (`count` of them) by what was measured.
void Correct(const Gain& gain, const int16_t* symbols, int step, int count, float* coefficients) {
  float missing[kMostLuma];  // of the measurements in what is expected
  for (int r = 0; r < gain.rows; ++r) missing[r] = static_cast<float>(symbols[r] * step);
  for (int k = 0; k < count; ++k) {
    const float* const expected = &gain.expected[static_cast<size_t>(k) * gain.rows];
    for (int r = 0; r < gain.rows; ++r) missing[r] -= expected[r] * coefficients[k];
  }
  for (int r = 0; r < gain.rows; ++r) {
    const float* const change = &gain.change[static_cast<size_t>(r) * count];
    for (int k = 0; k < count; ++k) coefficients[k] += missing[r] * change[k];
  }
}

// Puts the block's samples, less 128 at 8 bits, where they are in the plane.
void PutBlock(const float* samples, int side, int left, int top, int depth, Plane plane) {
  const auto scale = static_cast<float>(1 << (depth - 8));
  const auto most = static_cast<float>((1 << depth) - 1);
  for (int y = 0; y < std::min(side, plane.height - top); ++y) {
    uint16_t* const row = plane.row(top + y) + left;
    for (int x = 0; x < std::min(side, plane.width - left); ++x) {
      const float value = (samples[y * side + x] + 128) * scale;
      row[x] = static_cast<uint16_t>(std::lround(std::clamp(value, 0.0f, most)));
    }
  }
}

}  // namespace

LinearDecoder::PlaneState::PlaneState(const PlanePrior& of, int side, int blocks)
    : prior(of),
      dct(side),
      filter(of, side),
      coefficients(static_cast<size_t>(blocks) * side * side) {}

LinearDecoder::LinearDecoder(const BlockPrior& prior, bool remembers, int width, int height)
    : remembers_(remembers), columns_(CeilDiv(width, kBlock)), rows_(CeilDiv(height, kBlock)) {
  for (int p = 0; p < 3; ++p) planes_.emplace_back(prior[p], PlaneSide(p), rows_ * columns_);
}

// The estimates of a frame of which nothing is measured yet.
void LinearDecoder::Expect(bool fresh, PlaneState* plane) const {
  const int count = plane->dct.count();
  const std::vector<double>& correlation = plane->prior.correlation;
  for (int b = 0; b < rows_ * columns_; ++b) {
    float* const c = &plane->coefficients[static_cast<size_t>(b) * count];
    for (int k = 0; k < count; ++k) {
      const auto mean = static_cast<float>(k == 0 ? plane->prior.mean : 0);
      c[k] = fresh ? mean : mean + static_cast<float>(correlation[k]) * (c[k] - mean);
    }
  }
}

void LinearDecoder::DecodePlane(int p, const MeasurementPlan& plan,
                                std::span<const BlockSymbols> blocks, bool fresh, Frame* picture) {
  PlaneState& plane = planes_[p];
  const int side = plane.dct.side();
  const int measured = p == 0 ? plan.luma_count : plan.chroma_count;
  const uint8_t* const rows = p == 0 ? plan.luma.data() : plan.chroma.data();
  const Gain gain =
      plane.filter.Measure(fresh, {rows, static_cast<size_t>(measured)}, QuantizerNoise(plan.step));
  Expect(fresh, &plane);
  float samples[kLumaSamples];
  for (int b = 0; b < rows_ * columns_; ++b) {
    float* const c = &plane.coefficients[static_cast<size_t>(b) * plane.dct.count()];
    const int16_t* const symbols = p == 0 ? blocks[b].luma : blocks[b].chroma[p - 1];
    Correct(gain, symbols, plan.step, plane.dct.count(), c);
    plane.dct.Inverse(c, samples);
    PutBlock(samples, side, b % columns_ * side, b / columns_ * side, picture->bit_depth(),
             picture->plane(p));
  }
}

void LinearDecoder::Decode(const MeasurementPlan& plan, std::span<const BlockSymbols> blocks,
                           bool key, Frame* picture) {
  for (int p = 0; p < 3; ++p) DecodePlane(p, plan, blocks, key || !remembers_, picture);
}

}  // namespace furl::sense
