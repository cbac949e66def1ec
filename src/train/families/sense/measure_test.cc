// Torch measures as the codec's encoder does.

#include "train/families/sense/measure.h"

#include <gtest/gtest.h>

#include <random>

#include "codec/common/pack.h"
#include "codec/families/sense/encode/block_measurer.h"
#include "codec/families/sense/frame_codec.h"
#include "train/base/units.h"

namespace furl::train::sense {
namespace {

namespace codec = furl::sense;

constexpr int kSide = 48;

// A picture with edges and noise.
FramePtr Picture() {
  FramePtr frame = Frame::Create(kSide, kSide, 8).value();
  std::mt19937 random(1);
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        plane.row(y)[x] = static_cast<uint16_t>((x > 2 * y ? 200 : 60) + random() % 50);
      }
    }
  }
  return frame;
}

Tensor Packed(const Frame& frame) {
  nn::Tensor packed =
      nn::Tensor::Create(nn::Format::kS16, kSide / 8, kSide / 8, kPackedChannels).value();
  PackResidual(frame, nullptr, nullptr, &packed);
  auto out = torch::empty({1, kPackedChannels, kSide / 8, kSide / 8});
  for (int y = 0; y < kSide / 8; ++y) {
    for (int x = 0; x < kSide / 8; ++x) {
      for (int c = 0; c < kPackedChannels; ++c) {
        out[0][c][y][x] = (packed.S16(y, x)[c] + kGray12) / kS16Unit;
      }
    }
  }
  return out;
}

codec::BlockRow<uint16_t> RowOf(const Frame& frame, int row) {
  codec::BlockRow<uint16_t> out;
  for (int p = 0; p < 3; ++p) {
    out.planes[p] = frame.plane(p).row(row * (p == 0 ? 16 : 8));
    out.strides[p] = frame.plane(p).stride;
  }
  out.width = kSide;
  out.lines = 16;
  return out;
}

TEST(SenseMeasure, IsWhatTheEncoderMeasures) {
  const FramePtr frame = Picture();
  const auto packed = Packed(*frame);
  for (const int qp : {0, 30, 63}) {
    for (const int age : {0, 3}) {
      const codec::MeasurementPlan plan = codec::PlanOf(qp, age);
      const Measured measured = MeasurePictures(packed, torch::full({1}, qp, torch::kInt64), age);
      for (int row = 0; row < kSide / 16; ++row) {
        for (int column = 0; column < kSide / 16; ++column) {
          codec::BlockSymbols symbols;
          codec::BlockMeasurer(plan, 8).Measure(RowOf(*frame, row), column, &symbols);
          int16_t values[codec::kMostRows];
          uint8_t mask[codec::kMostRows];
          codec::Dequantize(plan, symbols, values, mask);
          for (int r = 0; r < codec::kMostRows; ++r) {
            const auto value = measured.measured[0][r][row][column].item<float>() * kS16Unit;
            // An encoder's inverse of the step is rounded: now and then a symbol differs by one.
            EXPECT_NEAR(value, values[r], plan.step / 4 + 1) << qp << " " << age << " row " << r;
            EXPECT_EQ(measured.mask[0][r][row][column].item<float>() * kU7Unit, mask[r]);
          }
        }
      }
    }
  }
}

// A shade brighter, and only the means change.
TEST(SenseMeasure, TheMatrixHasOneRowOfMeansPerPlane) {
  const auto sums = MeasurementMatrix().sum(1);
  for (int r = 0; r < codec::kMostRows; ++r) {
    const bool mean = r == 0 || r == codec::kMostLuma || r == codec::kMostLuma + codec::kMostChroma;
    EXPECT_EQ(sums[r].item<float>(), !mean ? 0 : r == 0 ? 256 : 128) << r;
  }
}

}  // namespace
}  // namespace furl::train::sense
