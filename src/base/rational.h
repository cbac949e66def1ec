// Rational: exact ratios of time and geometry.

#ifndef FURL_BASE_RATIONAL_H_
#define FURL_BASE_RATIONAL_H_

#include <cstdint>

namespace furl {

struct Rational {
  int64_t num = 0;
  int64_t den = 1;

  double value() const { return den == 0 ? 0.0 : static_cast<double>(num) / den; }
  bool operator==(const Rational&) const = default;
};

}  // namespace furl

#endif  // FURL_BASE_RATIONAL_H_
