#include "analysis/sketch.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "base/checked_math.h"

namespace furl::analysis {
namespace {

// Families number their latents from coarse to fine: these have all that a sketch can show.
constexpr int kShown = 48;
// Of these and the finer ones that still survive high QPs, whose energy is the detail.
constexpr int kDetailEnd = 112;
constexpr float kGray = 128;
// Large enough that its rounding doesn't count, too small for clipping.
constexpr int kAmplitude = 256;

// The mean of 8x8 samples of a plane.
double CellMean(const ConstPlane& plane, int x, int y) {
  double sum = 0;
  for (int row = 8 * y; row < 8 * y + 8; ++row) {
    for (int col = 8 * x; col < 8 * x + 8; ++col) {
      sum += plane.row(std::min(row, plane.height - 1))[std::min(col, plane.width - 1)];
    }
  }
  return sum / 64;
}

// How far samples of a 16x16 block of luma are from their mean, at 8 bits.
double Deviation(const SampleBlocks& samples, int col, int row) {
  const ConstPlane plane = samples.plane(0);
  double sum = 0;
  double squares = 0;
  for (int y = 16 * row; y < 16 * row + 16; ++y) {
    for (int x = 16 * col; x < 16 * col + 16; ++x) {
      const double v = plane.row(std::min(y, plane.height - 1))[std::min(x, plane.width - 1)];
      sum += v;
      squares += v * v;
    }
  }
  const double mean = sum / 256;
  return std::sqrt(std::max(0.0, squares / 256 - mean * mean)) / (1 << (samples.bit_depth() - 8));
}

Field CellsOf(int blocks_x, int blocks_y, int per_block, const LatentFrame& frame) {
  Field field(blocks_x * per_block, blocks_y * per_block);
  field.used_width = frame.width * per_block / 16.0;
  field.used_height = frame.height * per_block / 16.0;
  return field;
}

// Blocks in samples have hardly any latents: what is in them is taken from there.
void TakeSamples(const SampleBlocks& samples, Sketch* sketch) {
  const float scale = 1.0f / static_cast<float>(1 << (samples.bit_depth() - 8));
  const auto mean = [&](int p, int x, int y) {
    sketch->planes[p].At(x, y) = static_cast<float>(CellMean(samples.plane(p), x, y)) * scale;
  };
  for (int row = 0; row < samples.rows(); ++row) {
    for (int col = 0; col < samples.cols(); ++col) {
      if (!samples.At(col, row)) continue;
      for (int i = 0; i < 4; ++i) mean(0, 2 * col + i % 2, 2 * row + i / 2);
      for (int p = 1; p < 3; ++p) mean(p, col, row);
      sketch->detail.At(col, row) = static_cast<float>(Deviation(samples, col, row));
    }
  }
}

}  // namespace

Result<SketchMaker> SketchMaker::Create(const Family& family) {
  std::vector<uint16_t> latents(kShown);
  std::iota(latents.begin(), latents.end(), 0);
  std::vector<FramePtr> pictures;
  FURL_RETURN_IF_ERROR(family.ShowLatents(/*intra=*/true, latents, kAmplitude, &pictures));
  SketchMaker maker;
  const Frame& gray = *pictures[0];
  const double unit = kAmplitude * static_cast<double>(1 << (gray.bit_depth() - 8));
  for (size_t k = 1; k < pictures.size(); ++k) {
    const auto response = [&](int p, int x, int y) {
      const double after = CellMean(std::as_const(*pictures[k]).plane(p), x, y);
      return static_cast<float>((after - CellMean(gray.plane(p), x, y)) / unit);
    };
    Response& r = maker.responses_.emplace_back();
    for (int i = 0; i < 36; ++i) r.luma[i] = response(0, i % 6, i / 6);
    for (int i = 0; i < 9; ++i) {
      for (int p = 0; p < 2; ++p) r.chroma[p][i] = response(p + 1, i % 3, i / 3);
    }
  }
  return maker;
}

void SketchMaker::AddLatent(const Response& response, int x, int y, float value,
                            Sketch* sketch) const {
  for (int i = 0; i < 36; ++i) {
    sketch->planes[0].Add(2 * x - 2 + i % 6, 2 * y - 2 + i / 6, value * response.luma[i]);
  }
  for (int i = 0; i < 9; ++i) {
    for (int p = 0; p < 2; ++p) {
      sketch->planes[p + 1].Add(x - 1 + i % 3, y - 1 + i / 3, value * response.chroma[p][i]);
    }
  }
}

Sketch SketchMaker::Make(const LatentFrame& frame) const {
  const nn::Tensor& latents = *frame.latents;
  const int cols = latents.width();
  const int rows = latents.height();
  Sketch sketch;
  for (int p = 0; p < 3; ++p) {
    sketch.planes[p] = CellsOf(cols, rows, p == 0 ? 2 : 1, frame);
    std::fill(sketch.planes[p].values.begin(), sketch.planes[p].values.end(), kGray);
  }
  sketch.detail = CellsOf(cols, rows, 1, frame);
  const int shown = std::min(latents.channels(), static_cast<int>(responses_.size()));
  const int fine = std::min(latents.channels(), kDetailEnd);
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < cols; ++x) {
      const int16_t* const values = latents.S16(y, x);
      for (int k = 0; k < shown; ++k) {
        if (values[k] != 0) AddLatent(responses_[k], x, y, values[k], &sketch);
      }
      // The three lowest say how bright and of which colour the block is.
      double energy = 0;
      for (int k = 3; k < fine; ++k) energy += static_cast<double>(values[k]) * values[k];
      sketch.detail.At(x, y) = static_cast<float>(std::sqrt(energy) / 16);
    }
  }
  if (frame.samples != nullptr) TakeSamples(*frame.samples, &sketch);
  return sketch;
}

Result<FramePtr> Sketch::Picture() const {
  const int width = std::max(1, static_cast<int>(std::lround(planes[0].used_width)));
  const int height = std::max(1, static_cast<int>(std::lround(planes[0].used_height)));
  FURL_ASSIGN_OR_RETURN(FramePtr picture, Frame::Create(width, height, 8));
  for (int p = 0; p < 3; ++p) {
    const Plane to = picture->plane(p);
    for (int y = 0; y < to.height; ++y) {
      for (int x = 0; x < to.width; ++x) {
        const float value =
            planes[p].At(std::min(x, planes[p].width - 1), std::min(y, planes[p].height - 1));
        to.row(y)[x] = static_cast<uint16_t>(std::clamp(std::lround(value), 0L, 255L));
      }
    }
  }
  return picture;
}

}  // namespace furl::analysis
