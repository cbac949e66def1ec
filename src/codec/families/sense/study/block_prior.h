// What linear reconstruction knows of pictures before it sees measurements: coefficients of the
// blocks' cosine transform are uncorrelated, each with a variance, and each goes along with itself
// in the frame before. Fitted on training clips (docs/sense.md, "Beside linear reconstruction").

#ifndef FURL_CODEC_FAMILIES_SENSE_STUDY_BLOCK_PRIOR_H_
#define FURL_CODEC_FAMILIES_SENSE_STUDY_BLOCK_PRIOR_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "codec/families/sense/measurement_plan.h"
#include "codec/families/sense/study/block_dct.h"
#include "image/frame.h"

namespace furl::sense {

constexpr int PlaneSide(int plane) { return plane == 0 ? kBlock : kBlock / 2; }

// Of a plane, in 8-bit samples less 128. Vectors have an entry per coefficient of BlockDct.
struct PlanePrior {
  double mean = 0;  // of the first coefficient; that of others is 0
  std::vector<double> variance;
  std::vector<double> correlation;  // 0..1, with the same coefficient one frame before
};
using BlockPrior = std::array<PlanePrior, 3>;  // Y, U, V

// Nothing is known: variances beyond all quantizers. Linear reconstruction is then the
// pseudo-inverse.
BlockPrior FlatPrior();

// Gathers the moments of clips.
class PriorFit {
 public:
  PriorFit();

  // Two frames of a clip, one after the other, of equal size and depth. Blocks that reach beyond
  // the picture are left out.
  void Add(const Frame& before, const Frame& after);

  // kInvalidArgument where no blocks were added.
  Result<BlockPrior> Finish() const;

 private:
  struct Moments {
    explicit Moments(int side);
    BlockDct dct;
    int64_t blocks = 0;  // pairs of them
    double first = 0;    // sum of the first coefficient over both frames
    std::vector<double> squares, products;
  };
  static void AddPlane(const Frame& before, const Frame& after, int plane, Moments* moments);

  std::array<Moments, 3> planes_;
};

// As JSON, numbers with five digits. Parsing fails with kInvalidStream where a number is missing or
// out of its range; messages name it.
std::string WritePrior(const BlockPrior& prior);
Result<BlockPrior> ParsePrior(const std::string& text);

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_STUDY_BLOCK_PRIOR_H_
