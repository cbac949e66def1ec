// Bjontegaard deltas: the average distance between two rate-distortion curves.
//
// G. Bjontegaard, "Calculation of average PSNR differences between RD-curves",
// VCEG-M33 (2001), with piecewise cubic interpolation (CubicKind) of the
// logarithm of the rate, as JCT-VC does.

#ifndef FURL_RD_BD_RATE_H_
#define FURL_RD_BD_RATE_H_

#include <span>
#include <vector>

#include "base/status.h"
#include "rd/cubic_curve.h"

namespace furl {

struct RdPoint {
  double rate = 0;     // any unit > 0, the same for both curves
  double quality = 0;  // larger is better, dB for PSNR

  bool operator==(const RdPoint&) const = default;
};

// Appends `point`, unless it is the same as the last: on short clips neighbouring
// levels of an encoder can give the same stream, which is one point of the curve.
void AddRdPoint(const RdPoint& point, std::vector<RdPoint>* curve);

struct BdOptions {
  CubicKind interpolation = CubicKind::kPchip;
  // Points each curve must have.
  int min_points = 4;
  // Shared range over the range of the shorter curve, in (0, 1]. Below it the
  // curves say too little about each other and there is no result.
  double min_overlap = 0.5;
};

struct BdResult {
  // BdRate: percent of the anchor's rate, negative when the test needs fewer
  // bits. BdPsnr: dB, positive when the test is better.
  double value = 0;
  // The common range the average runs over: quality for BdRate, rate for BdPsnr.
  double low = 0;
  double high = 0;
  // high - low (of the logarithm for rates) over the same of the shorter curve.
  double overlap = 0;
  int anchor_points = 0;
  int test_points = 0;
};

// Average rate difference of `test` against `anchor` at equal quality. Points
// may come in any order; after sorting by rate, quality must rise strictly.
// InvalidArgument names what is wrong: too few points, a rate that is not
// positive, a curve that falls, curves that share too little.
Result<BdResult> BdRate(std::span<const RdPoint> anchor, std::span<const RdPoint> test,
                        const BdOptions& options = {});

// Average quality difference at equal rate; otherwise like BdRate.
Result<BdResult> BdPsnr(std::span<const RdPoint> anchor, std::span<const RdPoint> test,
                        const BdOptions& options = {});

}  // namespace furl

#endif  // FURL_RD_BD_RATE_H_
