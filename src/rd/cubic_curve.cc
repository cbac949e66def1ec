#include "rd/cubic_curve.h"

#include <algorithm>
#include <cmath>

#include "base/status.h"

namespace furl {
namespace {

// Slope at an end point from the two nearest intervals (h0, d0 the nearer),
// limited so that the end interval stays monotone.
double PchipEndSlope(double h0, double h1, double d0, double d1) {
  const double slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1);
  if (slope * d0 <= 0) return 0;
  if (d0 * d1 <= 0 && std::abs(slope) > 3 * std::abs(d0)) return 3 * d0;
  return slope;
}

// `h` and `d` are the widths and secant slopes of the n - 1 intervals.
std::vector<double> PchipSlopes(const std::vector<double>& h, const std::vector<double>& d) {
  const size_t n = h.size() + 1;
  if (n == 2) return {d[0], d[0]};
  std::vector<double> slope(n, 0.0);
  for (size_t i = 1; i + 1 < n; ++i) {
    if (d[i - 1] * d[i] <= 0) continue;  // a local extreme stays one
    const double w0 = 2 * h[i] + h[i - 1];
    const double w1 = h[i] + 2 * h[i - 1];
    slope[i] = (w0 + w1) / (w0 / d[i - 1] + w1 / d[i]);
  }
  slope[0] = PchipEndSlope(h[0], h[1], d[0], d[1]);
  slope[n - 1] = PchipEndSlope(h[n - 2], h[n - 3], d[n - 2], d[n - 3]);
  return slope;
}

std::vector<double> AkimaSlopes(const std::vector<double>& d) {
  const size_t n = d.size() + 1;
  if (n == 2) return {d[0], d[0]};
  // Two secants are extrapolated at each end: m[i + 2] = d[i].
  std::vector<double> m(n + 3);
  std::copy(d.begin(), d.end(), m.begin() + 2);
  m[1] = 2 * m[2] - m[3];
  m[0] = 2 * m[1] - m[2];
  m[n + 1] = 2 * m[n] - m[n - 1];
  m[n + 2] = 2 * m[n + 1] - m[n];
  std::vector<double> slope(n);
  for (size_t i = 0; i < n; ++i) {
    const double after = std::abs(m[i + 3] - m[i + 2]);
    const double before = std::abs(m[i + 1] - m[i]);
    const double sum = after + before;
    slope[i] =
        sum > 1e-12 ? (after * m[i + 1] + before * m[i + 2]) / sum : (m[i + 1] + m[i + 2]) / 2;
  }
  return slope;
}

}  // namespace

std::string_view CubicKindName(CubicKind kind) {
  return kind == CubicKind::kPchip ? "pchip" : "akima";
}

CubicCurve::CubicCurve(std::span<const double> x, std::span<const double> y, CubicKind kind)
    : x_(x.begin(), x.end()), y_(y.begin(), y.end()) {
  FURL_DASSERT(x_.size() >= 2 && x_.size() == y_.size());
  std::vector<double> h(x_.size() - 1);
  std::vector<double> d(x_.size() - 1);
  for (size_t i = 0; i + 1 < x_.size(); ++i) {
    h[i] = x_[i + 1] - x_[i];
    FURL_DASSERT(h[i] > 0);
    d[i] = (y_[i + 1] - y_[i]) / h[i];
  }
  slope_ = kind == CubicKind::kPchip ? PchipSlopes(h, d) : AkimaSlopes(d);
}

size_t CubicCurve::Interval(double x) const {
  const auto it = std::upper_bound(x_.begin(), x_.end(), x);
  const size_t i = static_cast<size_t>(std::max<ptrdiff_t>(it - x_.begin() - 1, 0));
  return std::min(i, x_.size() - 2);
}

double CubicCurve::At(double x) const {
  const size_t i = Interval(x);
  const double h = x_[i + 1] - x_[i];
  const double t = (x - x_[i]) / h;
  const double t2 = t * t;
  const double t3 = t2 * t;
  return y_[i] * (2 * t3 - 3 * t2 + 1) + h * slope_[i] * (t3 - 2 * t2 + t) +
         y_[i + 1] * (3 * t2 - 2 * t3) + h * slope_[i + 1] * (t3 - t2);
}

// Integral of interval `i` from its left end to `x`.
double CubicCurve::IntegralFromStart(size_t i, double x) const {
  const double h = x_[i + 1] - x_[i];
  const double t = (x - x_[i]) / h;
  const double t2 = t * t;
  const double t3 = t2 * t;
  const double t4 = t2 * t2;
  return h * (y_[i] * (t4 / 2 - t3 + t) + h * slope_[i] * (t4 / 4 - 2 * t3 / 3 + t2 / 2) +
              y_[i + 1] * (t3 - t4 / 2) + h * slope_[i + 1] * (t4 / 4 - t3 / 3));
}

double CubicCurve::Integral(double from, double to) const {
  const size_t first = Interval(from);
  const size_t last = Interval(to);
  double sum = IntegralFromStart(last, to) - IntegralFromStart(first, from);
  for (size_t i = first; i < last; ++i) sum += IntegralFromStart(i, x_[i + 1]);
  return sum;
}

}  // namespace furl
