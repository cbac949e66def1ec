#include "inspect/step_pictures.h"

#include <algorithm>
#include <cmath>

#include "report/frame_image.h"

namespace furl::inspect {
namespace {

// Half the quality steps of the finest: blocks are looked at, not grain of film.
constexpr int kJpegScale = 5;

Result<FramePtr> At8Bits(const Frame& frame) {
  FURL_ASSIGN_OR_RETURN(FramePtr result, Frame::Create(frame.width(), frame.height(), 8));
  const int shift = frame.bit_depth() - 8;
  const int half = shift > 0 ? 1 << (shift - 1) : 0;
  for (int p = 0; p < 3; ++p) {
    const ConstPlane from = frame.plane(p);
    const Plane to = result->plane(p);
    for (int y = 0; y < to.height; ++y) {
      for (int x = 0; x < to.width; ++x) {
        to.row(y)[x] = static_cast<uint16_t>(std::min((from.row(y)[x] + half) >> shift, 255));
      }
    }
  }
  return result;
}

}  // namespace

Result<FramePtr> DifferencePicture(const Frame& before, const Frame& after, double gain) {
  FURL_ASSIGN_OR_RETURN(FramePtr result, Frame::Create(after.width(), after.height(), 8));
  const double before_unit = 1 << (before.bit_depth() - 8);
  const double after_unit = 1 << (after.bit_depth() - 8);
  for (int p = 0; p < 3; ++p) {
    const ConstPlane a = before.plane(p);
    const ConstPlane b = after.plane(p);
    const Plane to = result->plane(p);
    for (int y = 0; y < to.height; ++y) {
      for (int x = 0; x < to.width; ++x) {
        const double difference = b.row(y)[x] / after_unit - a.row(y)[x] / before_unit;
        to.row(y)[x] =
            static_cast<uint16_t>(std::clamp<long>(std::lround(128 + gain * difference), 0, 255));
      }
    }
  }
  return result;
}

Result<nlohmann::ordered_json> StepPictures(const FrameAnalysis& analysis) {
  nlohmann::ordered_json pictures;
  const ColorTags& color = analysis.color;
  ColorTags full = color;
  full.full_range = true;
  const auto add = [&](const char* name, const Frame& frame, const ColorTags& tags) -> Status {
    FURL_ASSIGN_OR_RETURN(pictures[name], report::JpegUri(frame, tags, kJpegScale));
    return OkStatus();
  };
  const auto add_difference = [&](const char* name, const Frame& before, const Frame& after,
                                  double gain) -> Status {
    FURL_ASSIGN_OR_RETURN(const FramePtr difference, DifferencePicture(before, after, gain));
    return add(name, *difference, full);
  };
  FURL_RETURN_IF_ERROR(add("picture", *analysis.picture, color));
  const Frame& coded = analysis.unfiltered != nullptr ? *analysis.unfiltered : *analysis.picture;
  if (analysis.prediction != nullptr) {
    FURL_ASSIGN_OR_RETURN(const FramePtr prediction, At8Bits(*analysis.prediction));
    FURL_RETURN_IF_ERROR(add("prediction", *prediction, color));
    FURL_RETURN_IF_ERROR(add_difference("residual", *analysis.prediction, coded, kResidualGain));
  }
  if (analysis.unfiltered != nullptr) {
    FURL_RETURN_IF_ERROR(
        add_difference("filter", *analysis.unfiltered, *analysis.picture, kFilterGain));
  }
  return pictures;
}

}  // namespace furl::inspect
