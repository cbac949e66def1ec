// The losses of pictures against the metrics of furl compare, and their slopes against differences.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "codec/common/rate_distortion.h"
#include "image/frame.h"
#include "metrics/metric.h"
#include "train/losses/loss_functions.h"
#include "train/losses/planes.h"
#include "train/losses/test_pictures.h"

namespace furl::train {
namespace {

struct Pictures {
  Tensor luma, chroma;
};

Pictures Originals(int64_t n, int64_t side) {
  torch::manual_seed(5);
  return {TestPlanes(n, 1, side), TestPlanes(n, 2, side / 2)};
}

Tensor Packed(const Pictures& p) { return PackPicture(p.luma, p.chroma); }

// One item as the frame that the metrics take.
FramePtr ToFrame(const Pictures& pictures, int64_t item) {
  const int side = static_cast<int>(pictures.luma.size(3));
  FramePtr frame = Frame::Create(side, side, 8).value();
  for (int p = 0; p < 3; ++p) {
    const auto from = p == 0 ? pictures.luma[item][0] : pictures.chroma[item][p - 1];
    const auto samples = from.contiguous();
    const Plane to = frame->plane(p);
    const float* next = samples.data_ptr<float>();
    for (int y = 0; y < to.height; ++y) {
      for (int x = 0; x < to.width; ++x) to.row(y)[x] = static_cast<uint16_t>(*next++);
    }
  }
  return frame;
}

class PictureLosses : public testing::TestWithParam<int> {
 protected:
  // The metric of each item, as `of` takes it from a measurement.
  template <typename Of>
  std::vector<double> Measure(const char* metric, const Of& of) const {
    std::vector<double> values;
    for (int64_t i = 0; i < original_.luma.size(0); ++i) {
      const auto measured =
          MeasureFrame(*FindMetric(metric), *ToFrame(original_, i), *ToFrame(decoded_, i), nullptr);
      values.push_back(of(measured.value()));
    }
    return values;
  }
  LossInputs Inputs() const { return {.decoded = Packed(decoded_), .original = Packed(original_)}; }
  double pixels() const { return static_cast<double>(GetParam()) * GetParam(); }

  Pictures original_ = Originals(3, GetParam());
  Pictures decoded_ = {Coarse(original_.luma), Coarse(original_.chroma)};
};

TEST_P(PictureLosses, SquaredErrorIsThatOfThePlanes) {
  const auto mse = Measure("psnr", [](const FrameMeasurement& m) {
    return m.raw[0] + kChromaWeight / 4 * (m.raw[1] + m.raw[2]);
  });
  const auto loss = SquaredError(Inputs());
  const auto luma = Measure("psnr", [](const FrameMeasurement& m) { return m.raw[0]; });
  const auto luma_loss = LumaSquaredError(Packed(decoded_), Packed(original_));
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(loss[i].item<double>() / pixels(), mse[i], 1e-4 * mse[i]);
    EXPECT_NEAR(luma_loss[i].item<double>() / pixels(), luma[i], 1e-4 * luma[i]);
  }
}

TEST_P(PictureLosses, PsnrIsTheMetric) {
  const auto metric = Measure("psnr", [](const FrameMeasurement& m) { return m.scores.yuv; });
  const auto loss = PsnrLoss(Inputs());
  const double peak = 20 * std::log10(255.0);
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(peak - loss[i].item<double>() / pixels(), metric[i], 0.05);
    EXPECT_LT(metric[i], 40) << "too easy";
  }
}

TEST_P(PictureLosses, AbsoluteErrorOfOneSampleEach) {
  Pictures shifted = original_;
  shifted.luma = shifted.luma + 1;
  shifted.chroma = shifted.chroma - 2;
  const auto loss =
      AbsoluteError({.decoded = Packed(shifted), .original = Packed(original_)}) / pixels();
  EXPECT_NEAR(loss[0].item<double>(), 1 + kChromaWeight / 4 * 4, 1e-3);
}

TEST_P(PictureLosses, SsimIsTheMetric) {
  const auto metric = Measure("ssim", [](const FrameMeasurement& m) { return m.scores.yuv; });
  const auto loss = SsimLoss(Inputs());
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(1 - loss[i].item<double>() / pixels(), metric[i], 1e-4);
    EXPECT_LT(metric[i], 0.98) << "too easy";
  }
}

TEST_P(PictureLosses, MsSsimIsTheMetric) {
  const auto metric = Measure("ms-ssim", [](const FrameMeasurement& m) { return m.scores.yuv; });
  const auto loss = MsSsimLoss(Inputs());
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(1 - loss[i].item<double>() / pixels(), metric[i], 1e-4);
    EXPECT_LT(metric[i], 0.995) << "too easy";
  }
}

// 192: five scales; 64: as many as fit; 144: chroma gets odd sides on the way.
INSTANTIATE_TEST_SUITE_P(Sides, PictureLosses, testing::Values(64, 144, 192));

// The slope along a direction, against a difference of values.
void ExpectSlope(Tensor (*loss)(const LossInputs&)) {
  const Pictures pictures = Originals(2, 64);
  const Pictures coarse = {Coarse(pictures.luma), Coarse(pictures.chroma)};
  const auto original = Packed(pictures).to(torch::kFloat64);
  const auto decoded = Packed(coarse).to(torch::kFloat64).requires_grad_();
  const auto value = [&](const Tensor& x) {
    return loss({.decoded = x, .original = original}).sum();
  };
  const auto gradient = torch::autograd::grad({value(decoded)}, {decoded})[0];
  const auto direction = torch::randn_like(gradient);
  constexpr double kStep = 1e-4;
  const auto at = [&](double step) {
    return value(decoded.detach() + step * direction).item<double>();
  };
  const double slope = (gradient * direction).sum().item<double>();
  EXPECT_NEAR(slope, (at(kStep) - at(-kStep)) / (2 * kStep), 1e-4 * std::abs(slope));
}

TEST(PictureLosses, SlopesAreThoseOfTheValues) {
  ExpectSlope(SquaredError);
  ExpectSlope(PsnrLoss);
  ExpectSlope(SsimLoss);
  ExpectSlope(MsSsimLoss);
}

TEST(PictureLosses, PicturesThatHaveNothingInCommonStillHaveASlope) {
  const Pictures pictures = Originals(1, 64);
  const auto original = Packed(pictures);
  const auto negative = (255 / kSampleUnit - original).requires_grad_();
  const auto loss = MsSsimLoss({.decoded = negative, .original = original});
  const auto gradient = torch::autograd::grad({loss.sum()}, {negative})[0];
  EXPECT_TRUE(gradient.isfinite().all().item<bool>());
  EXPECT_LE(loss.item<double>(), PixelsOf(original));
}

}  // namespace
}  // namespace furl::train
