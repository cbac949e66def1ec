// The steps that a frame went through, as pictures for pages.

#ifndef FURL_INSPECT_STEP_PICTURES_H_
#define FURL_INSPECT_STEP_PICTURES_H_

#include <nlohmann/json.hpp>

#include "base/status.h"
#include "codec/common/frame_analysis.h"

namespace furl::inspect {

// Differences are shown around mid grey, so many times as large as they are.
inline constexpr int kResidualGain = 4;
inline constexpr int kFilterGain = 16;

// How far `after` is from `before`, which may have another depth: samples of 8 bits, 128 where both
// are alike.
Result<FramePtr> DifferencePicture(const Frame& before, const Frame& after, double gain);

// {"picture", "prediction", "residual", "filter"}, data URIs of JPEGs, without the steps that the
// frame did not have. `residual` is what was coded on top of the prediction, before the filter.
Result<nlohmann::ordered_json> StepPictures(const FrameAnalysis& analysis);

}  // namespace furl::inspect

#endif  // FURL_INSPECT_STEP_PICTURES_H_
