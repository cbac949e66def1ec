#include "image/upscale.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "base/aligned_buffer.h"

namespace furl {
namespace {

constexpr int kPhases = 32;
constexpr int kTaps = 8;
constexpr int kWeightBits = 7;
constexpr int kOutBits = 12;
constexpr int kBandRows = 32;  // of the output, that one job does

// Of phases 1 to 16; those above are their mirror images, phase 0 is the sample itself. Tap k
// weighs the sample k - 3 from the position's whole part.
constexpr int8_t kHalfTaps[kPhases / 2][kTaps] = {
    {0, 1, -4, 127, 5, -1, 0, 0},      {-1, 3, -7, 127, 8, -3, 1, 0},
    {-1, 3, -9, 126, 12, -4, 1, 0},    {-1, 4, -12, 125, 16, -6, 2, 0},
    {-2, 5, -14, 123, 21, -7, 2, 0},   {-2, 6, -16, 120, 26, -9, 3, 0},
    {-2, 7, -18, 117, 31, -10, 3, 0},  {-2, 7, -19, 114, 36, -12, 4, 0},
    {-2, 8, -21, 111, 41, -13, 5, -1}, {-2, 8, -21, 107, 47, -15, 5, -1},
    {-2, 8, -22, 103, 52, -16, 6, -1}, {-2, 8, -22, 99, 58, -18, 6, -1},
    {-2, 8, -22, 94, 63, -19, 7, -1},  {-2, 8, -22, 89, 69, -20, 7, -1},
    {-2, 8, -22, 84, 74, -20, 7, -1},  {-2, 8, -21, 79, 79, -21, 8, -2},
};

// Where an output sample stands among the inputs.
struct Position {
  int whole = 0;
  std::array<int16_t, kTaps> weights = {};
};

std::array<int16_t, kTaps> WeightsOf(int phase) {
  std::array<int16_t, kTaps> weights = {};
  if (phase == 0) {
    weights[3] = 1 << kWeightBits;
    return weights;
  }
  const bool mirrored = phase > kPhases / 2;
  const int8_t* taps = kHalfTaps[(mirrored ? kPhases - phase : phase) - 1];
  for (int k = 0; k < kTaps; ++k) weights[k] = taps[mirrored ? kTaps - 1 - k : k];
  return weights;
}

int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Of a row (or column) of `out` samples that come from `in`. `site`: how far chroma sample 0
// stands from the edge of the picture, in halves of a luma sample; luma is as chroma at 2 would be.
std::vector<Position> PositionsOf(int in, int out, int site) {
  std::vector<Position> positions(static_cast<size_t>(out));
  for (int i = 0; i < out; ++i) {
    // ((2 i + site / 2) in / out - site / 2) / 2 in 32nds, half up.
    const int64_t scaled = FloorDiv(int64_t{16} * (4 * i + site) * in + out, int64_t{2} * out);
    const int at = static_cast<int>(scaled - int64_t{8} * site);
    positions[i].whole = at >> 5;
    positions[i].weights = WeightsOf(at & (kPhases - 1));
  }
  return positions;
}

// H.273 chroma sample location types: 0 left, 1 center, 2 top left, 3 top, 4 bottom left, 5 bottom.
int HorizontalSite(uint8_t location) { return location <= 5 && location % 2 == 1 ? 2 : 1; }
int VerticalSite(uint8_t location) {
  if (location == 2 || location == 3) return 1;
  return location == 4 || location == 5 ? 3 : 2;
}

// A plane on its way.
struct Scaling {
  ConstPlane from;
  Plane to;
  int up_bits;  // that samples of `from` lack to 12
  std::vector<Position> x;
  std::vector<Position> y;
};

// A row of `from`, scaled along it: in 16ths of 12 bits and not clipped, |values| below 2^17.
void ScaleRow(const Scaling& s, int row, std::vector<int32_t>* padded, int32_t* out) {
  const uint16_t* in = s.from.row(std::clamp(row, 0, s.from.height - 1));
  const int width = s.from.width;
  int32_t* line = padded->data() + kTaps;
  for (int x = 0; x < width; ++x) line[x] = in[x] << s.up_bits;
  std::fill_n(line - kTaps, kTaps, line[0]);
  std::fill_n(line + width, kTaps, line[width - 1]);
  for (int x = 0; x < s.to.width; ++x) {
    const Position& at = s.x[x];
    const int32_t* first = line + at.whole - 3;
    int32_t sum = 0;
    for (int k = 0; k < kTaps; ++k) sum += at.weights[k] * first[k];
    out[x] = (sum + 4) >> 3;
  }
}

// Output rows first..last-1. Scaled rows are kept as long as the next output row needs them.
void ScaleBand(const Scaling& s, int first, int last) {
  const int width = s.to.width;
  std::vector<int32_t> padded(static_cast<size_t>(s.from.width) + 2 * kTaps);
  std::vector<int32_t> ring(static_cast<size_t>(kTaps) * width);
  const auto line = [&](int row) {
    return ring.data() + size_t{static_cast<unsigned>(row) % kTaps} * width;
  };
  int next = s.y[first].whole - 3;  // row of the input to be scaled next
  for (int y = first; y < last; ++y) {
    const Position& at = s.y[y];
    for (next = std::max(next, at.whole - 3); next <= at.whole + 4; ++next) {
      ScaleRow(s, next, &padded, line(next));
    }
    uint16_t* out = s.to.row(y);
    const int32_t* rows[kTaps];
    for (int k = 0; k < kTaps; ++k) rows[k] = line(at.whole - 3 + k);
    for (int x = 0; x < width; ++x) {
      int32_t sum = 0;
      for (int k = 0; k < kTaps; ++k) sum += at.weights[k] * rows[k][x];
      out[x] = static_cast<uint16_t>(std::clamp((sum + (1 << 10)) >> 11, 0, (1 << kOutBits) - 1));
    }
  }
}

void ScalePlane(const Scaling& scaling, ThreadPool* pool) {
  const int bands = (scaling.to.height + kBandRows - 1) / kBandRows;
  ParallelFor(pool, bands, [&](int band) {
    ScaleBand(scaling, band * kBandRows, std::min((band + 1) * kBandRows, scaling.to.height));
  });
}

}  // namespace

Status Upscale(const Frame& from, uint8_t chroma_location, ThreadPool* pool, Frame* out) {
  const auto fits = [](int in, int out_side) {
    return in <= out_side && out_side <= in * kMaxUpscale;
  };
  if (!fits(from.width(), out->width()) || !fits(from.height(), out->height()) ||
      out->bit_depth() != kOutBits) {
    return InvalidArgument("sizes to scale between don't fit");
  }
  for (int p = 0; p < 3; ++p) {
    const int site_x = p == 0 ? 2 : HorizontalSite(chroma_location);
    const int site_y = p == 0 ? 2 : VerticalSite(chroma_location);
    Scaling scaling = {from.plane(p), out->plane(p), kOutBits - from.bit_depth(), {}, {}};
    scaling.x = PositionsOf(scaling.from.width, scaling.to.width, site_x);
    scaling.y = PositionsOf(scaling.from.height, scaling.to.height, site_y);
    ScalePlane(scaling, pool);
  }
  return OkStatus();
}

}  // namespace furl
