#include "rd/similarity.h"

#include <algorithm>
#include <cmath>

namespace furl {

double SimilarityToDb(double similarity) {
  if (similarity >= 1) return 100;
  return std::min(-10 * std::log10(1 - similarity), 100.0);  // in this order NaN stays NaN
}

}  // namespace furl
