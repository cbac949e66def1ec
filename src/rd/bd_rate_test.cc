#include "rd/bd_rate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace furl {
namespace {

// The example of the BD tool of FAU Erlangen (x265, two presets); expected
// values are that tool's, computed with SciPy 1.10.1.
const std::vector<RdPoint> kPresetA = {
    {9487.76, 40.037}, {4593.60, 38.615}, {2486.44, 36.845}, {1358.24, 34.851}};
const std::vector<RdPoint> kPresetB = {
    {9787.80, 40.121}, {4469.00, 38.651}, {2451.52, 36.970}, {1356.24, 34.987}};

// The example that circulates with most BD scripts.
const std::vector<RdPoint> kClassicA = {
    {686.76, 40.28}, {309.58, 37.18}, {157.11, 34.24}, {85.95, 31.42}};
const std::vector<RdPoint> kClassicB = {
    {893.34, 40.39}, {407.8, 37.21}, {204.93, 34.17}, {112.75, 31.24}};

// Different numbers of points and different ends.
const std::vector<RdPoint> kLongA = {{40000, 45.1}, {18000, 42.3}, {9000, 39.4},
                                     {4800, 36.6},  {2600, 33.9},  {1500, 31.2}};
const std::vector<RdPoint> kLongB = {{36000, 44.6}, {15500, 42.2}, {7000, 39.9}, {3300, 37.3},
                                     {1700, 34.4},  {900, 31.9},   {500, 29.0}};

void ExpectDeltas(const std::vector<RdPoint>& a, const std::vector<RdPoint>& b, CubicKind kind,
                  double rate, double psnr) {
  BdOptions options;
  options.interpolation = kind;
  auto bd_rate = BdRate(a, b, options);
  ASSERT_TRUE(bd_rate.ok()) << bd_rate.status().message();
  EXPECT_NEAR(bd_rate->value, rate, 1e-9);
  auto bd_psnr = BdPsnr(a, b, options);
  ASSERT_TRUE(bd_psnr.ok()) << bd_psnr.status().message();
  EXPECT_NEAR(bd_psnr->value, psnr, 1e-9);
}

TEST(BdRate, ReproducesPublishedExamples) {
  ExpectDeltas(kPresetA, kPresetB, CubicKind::kPchip, -4.417485350589045, 0.11969278542479489);
  ExpectDeltas(kPresetA, kPresetB, CubicKind::kAkima, -4.425245156997493, 0.11940927028529469);
  ExpectDeltas(kClassicA, kClassicB, CubicKind::kPchip, 31.379878202397627, -1.183472404622454);
  ExpectDeltas(kClassicA, kClassicB, CubicKind::kAkima, 31.38398898434116, -1.1836589700732074);
  ExpectDeltas(kLongA, kLongB, CubicKind::kPchip, -32.805466979619744, 1.380517367797976);
  ExpectDeltas(kLongA, kLongB, CubicKind::kAkima, -32.79443689204011, 1.380276050004738);
}

using Points = std::vector<std::pair<double, double>>;  // x, y

// Mean over [low, high] of the one cubic through four points: Lagrange's form,
// and Simpson's rule, which is exact for cubics.
double MeanOfCubic(const Points& points, double low, double high) {
  const auto at = [&](double x) {
    double sum = 0;
    for (const auto& [xi, yi] : points) {
      double term = yi;
      for (const auto& [xj, yj] : points) {
        if (xj != xi) term *= (x - xj) / (xi - xj);
      }
      sum += term;
    }
    return sum;
  };
  return (at(low) + 4 * at((low + high) / 2) + at(high)) / 6;
}

double MeanDifference(const Points& a, const Points& b) {
  const auto [a_low, a_high] = std::minmax_element(a.begin(), a.end());
  const auto [b_low, b_high] = std::minmax_element(b.begin(), b.end());
  const double low = std::max(a_low->first, b_low->first);
  const double high = std::min(a_high->first, b_high->first);
  return MeanOfCubic(b, low, high) - MeanOfCubic(a, low, high);
}

// VCEG-M33 itself fits one cubic to the four points. Written down here without
// any of the code under test, it must agree up to the choice of interpolation.
TEST(BdRate, AgreesWithTheOriginalFormula) {
  const auto over_quality = [](const std::vector<RdPoint>& curve) {
    Points points;
    for (const RdPoint& p : curve) points.emplace_back(p.quality, std::log10(p.rate));
    return points;
  };
  const auto over_rate = [](const std::vector<RdPoint>& curve) {
    Points points;
    for (const RdPoint& p : curve) points.emplace_back(std::log10(p.rate), p.quality);
    return points;
  };
  for (const auto& [a, b] : {std::pair(kPresetA, kPresetB), std::pair(kClassicA, kClassicB)}) {
    const double rate = 100 * (std::pow(10, MeanDifference(over_quality(a), over_quality(b))) - 1);
    const double psnr = MeanDifference(over_rate(a), over_rate(b));
    for (CubicKind kind : {CubicKind::kPchip, CubicKind::kAkima}) {
      BdOptions options;
      options.interpolation = kind;
      EXPECT_NEAR(BdRate(a, b, options)->value, rate, 0.02);
      EXPECT_NEAR(BdPsnr(a, b, options)->value, psnr, 0.002);
    }
  }
}

TEST(BdRate, ConstantFactorIsExact) {
  std::vector<RdPoint> more = kClassicA;
  for (RdPoint& p : more) p.rate *= 1.25;
  for (CubicKind kind : {CubicKind::kPchip, CubicKind::kAkima}) {
    BdOptions options;
    options.interpolation = kind;
    EXPECT_NEAR(BdRate(kClassicA, more, options)->value, 25, 1e-9);
    EXPECT_NEAR(BdRate(more, kClassicA, options)->value, -20, 1e-9);
  }
  std::vector<RdPoint> better = kClassicA;
  for (RdPoint& p : better) p.quality += 0.5;
  EXPECT_NEAR(BdPsnr(kClassicA, better)->value, 0.5, 1e-12);
}

TEST(BdRate, ReportsRangeAndPoints) {
  const BdResult result = BdRate(kLongA, kLongB).value();
  EXPECT_DOUBLE_EQ(result.low, 31.2);
  EXPECT_DOUBLE_EQ(result.high, 44.6);
  EXPECT_NEAR(result.overlap, 13.4 / 13.9, 1e-12);
  EXPECT_EQ(result.anchor_points, 6);
  EXPECT_EQ(result.test_points, 7);
  const BdResult by_rate = BdPsnr(kLongA, kLongB).value();
  EXPECT_NEAR(by_rate.low, 1500, 1e-9);
  EXPECT_NEAR(by_rate.high, 36000, 1e-8);
}

TEST(BdRate, RefusesSmallOverlap) {
  std::vector<RdPoint> far = kClassicA;
  for (RdPoint& p : far) p.quality += 6;
  const Status status = BdRate(kClassicA, far).status();
  EXPECT_EQ(status.code(), StatusCode::kInvalidArgument);
  EXPECT_NE(status.message().find("share only"), std::string::npos) << status.message();
  for (RdPoint& p : far) p.quality += 6;  // no overlap at all
  BdOptions any;
  any.min_overlap = 0;
  EXPECT_FALSE(BdRate(kClassicA, far, any).ok());
}

TEST(BdRate, RefusesBadCurves) {
  const std::vector<RdPoint> three(kClassicA.begin(), kClassicA.begin() + 3);
  EXPECT_FALSE(BdRate(three, kClassicB).ok());
  EXPECT_FALSE(BdRate(kClassicA, {}).ok());
  for (const double bad : {0.0, -1.0, std::nan(""), HUGE_VAL}) {
    std::vector<RdPoint> curve = kClassicA;
    curve[2].rate = bad;
    EXPECT_FALSE(BdRate(curve, kClassicB).ok()) << bad;
  }
  std::vector<RdPoint> falls = kClassicA;
  falls[1].quality = 41;  // more bits, less quality
  EXPECT_FALSE(BdPsnr(falls, kClassicB).ok());
  std::vector<RdPoint> twice = kClassicA;
  twice[1] = twice[0];
  EXPECT_FALSE(BdRate(twice, kClassicB).ok());
}

TEST(RdCurve, NeighboursOfOneStreamAreOnePoint) {
  std::vector<RdPoint> curve;
  for (const RdPoint& point :
       {RdPoint{900, 40}, {900, 40}, {900, 40}, {900, 39}, {800, 39}, {900, 40}}) {
    AddRdPoint(point, &curve);
  }
  const std::vector<RdPoint> expected = {{900, 40}, {900, 39}, {800, 39}, {900, 40}};
  EXPECT_EQ(curve, expected);
}

TEST(CubicCurve, PassesThroughPointsAndIntegratesExactly) {
  // y = x^2 is reproduced by neither, but the integral must equal a fine sum.
  const std::vector<double> x = {0, 1, 2.5, 3, 5};
  const std::vector<double> y = {0, 1, 6.25, 9, 25};
  for (CubicKind kind : {CubicKind::kPchip, CubicKind::kAkima}) {
    const CubicCurve curve(x, y, kind);
    for (size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(curve.At(x[i]), y[i], 1e-12);
    double sum = 0;
    constexpr int kSteps = 100000;
    for (int i = 0; i < kSteps; ++i) sum += curve.At(0.3 + 4.5 * (i + 0.5) / kSteps);
    EXPECT_NEAR(curve.Integral(0.3, 4.8), sum * 4.5 / kSteps, 1e-6);
  }
}

TEST(CubicCurve, PchipKeepsMonotoneDataMonotone) {
  const std::vector<double> x = {0, 1, 2, 3, 4};
  const std::vector<double> y = {0, 0.01, 0.02, 10, 10.01};
  const CubicCurve curve(x, y, CubicKind::kPchip);
  double last = curve.At(0);
  for (int i = 1; i <= 400; ++i) {
    const double value = curve.At(i / 100.0);
    EXPECT_GE(value, last - 1e-12);
    last = value;
  }
}

}  // namespace
}  // namespace furl
