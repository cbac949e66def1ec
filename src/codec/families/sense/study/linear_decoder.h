// Pictures from measurements without a network: what the sense family's decoder has to be better
// than.

#ifndef FURL_CODEC_FAMILIES_SENSE_STUDY_LINEAR_DECODER_H_
#define FURL_CODEC_FAMILIES_SENSE_STUDY_LINEAR_DECODER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "codec/families/sense/measurement_plan.h"
#include "codec/families/sense/study/block_prior.h"
#include "codec/families/sense/study/gain_filter.h"
#include "image/frame.h"

namespace furl::sense {

class LinearDecoder {
 public:
  // For pictures of that size. `remembers`: what was known of the frame before is where estimates
  // start from; else each frame is estimated from its own measurements.
  LinearDecoder(const BlockPrior& prior, bool remembers, int width, int height);

  // The next frame. `blocks`: its quantized measurements in raster order. `key`: nothing before
  // counts. `picture` has the decoder's size, any depth.
  void Decode(const MeasurementPlan& plan, std::span<const BlockSymbols> blocks, bool key,
              Frame* picture);

 private:
  struct PlaneState {
    PlaneState(const PlanePrior& prior, int side, int blocks);
    PlanePrior prior;
    BlockDct dct;
    GainFilter filter;
    std::vector<float> coefficients;  // estimates of all blocks
  };
  void Expect(bool fresh, PlaneState* plane) const;
  void DecodePlane(int p, const MeasurementPlan& plan, std::span<const BlockSymbols> blocks,
                   bool fresh, Frame* picture);

  const bool remembers_;
  const int columns_;  // of blocks
  const int rows_;
  std::vector<PlaneState> planes_;
};

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_STUDY_LINEAR_DECODER_H_
