// Numbers of pages, no longer than they are meant.

#ifndef FURL_REPORT_ROUNDING_H_
#define FURL_REPORT_ROUNDING_H_

#include <cmath>

namespace furl::report {

// The multiple of 1 / parts nearest to `value`; NaN and infinities as they are.
inline double RoundTo(double value, double parts) { return std::round(value * parts) / parts; }

}  // namespace furl::report

#endif  // FURL_REPORT_ROUNDING_H_
