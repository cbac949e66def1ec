// Piecewise cubic curves through given points, with exact integrals.

#ifndef FURL_RD_CUBIC_CURVE_H_
#define FURL_RD_CUBIC_CURVE_H_

#include <span>
#include <string_view>
#include <vector>

namespace furl {

enum class CubicKind {
  // Monotone: Fritsch and Butland, "A method for constructing local monotone
  // piecewise cubic interpolants", SIAM J. Sci. Stat. Comput. 5 (1984), with
  // three-point end slopes. The interpolation of the JCT-VC reporting sheet.
  kPchip,
  // Akima, "A new method of interpolation and smooth curve fitting based on
  // local procedures", J. ACM 17 (1970).
  kAkima,
};

std::string_view CubicKindName(CubicKind kind);

// A once differentiable curve y(x): one Hermite cubic per interval.
class CubicCurve {
 public:
  // x strictly increasing, same length as y, at least 2 points.
  CubicCurve(std::span<const double> x, std::span<const double> y, CubicKind kind);

  // Value at `x` inside [front, back] of the given points.
  double At(double x) const;
  // Integral from `from` to `to`, both inside the points, from <= to.
  double Integral(double from, double to) const;

 private:
  size_t Interval(double x) const;
  double IntegralFromStart(size_t interval, double x) const;

  std::vector<double> x_;
  std::vector<double> y_;
  std::vector<double> slope_;  // dy/dx at every point
};

}  // namespace furl

#endif  // FURL_RD_CUBIC_CURVE_H_
