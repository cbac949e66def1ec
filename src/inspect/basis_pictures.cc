#include "inspect/basis_pictures.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "inspect/step_pictures.h"
#include "report/frame_image.h"

namespace furl::inspect {
namespace {

// Large enough to be exact, too small to leave the range of samples.
constexpr int kAmplitude = 2000;
constexpr int kContrast = 110;  // of the largest sample, in levels of 8 bits

int LargestDifference(const Frame& a, const Frame& b) {
  int largest = 0;
  for (int p = 0; p < 3; ++p) {
    for (int y = 0; y < a.plane(p).height; ++y) {
      for (int x = 0; x < a.plane(p).width; ++x) {
        largest =
            std::max(largest, std::abs(int{b.plane(p).row(y)[x]} - int{a.plane(p).row(y)[x]}));
      }
    }
  }
  return largest;
}

// The difference at full contrast, 8 bits.
Result<FramePtr> Stretched(const Frame& nothing, const Frame& latent) {
  const double levels =
      static_cast<double>(LargestDifference(nothing, latent)) / (1 << (latent.bit_depth() - 8));
  return DifferencePicture(nothing, latent, levels > 0 ? kContrast / levels : 1);
}

}  // namespace

Result<nlohmann::ordered_json> BasisPictures(const Family& family, bool intra,
                                             std::span<const uint16_t> latents) {
  nlohmann::ordered_json pictures = nlohmann::ordered_json::object();
  std::vector<FramePtr> shown;
  const Status status = family.ShowLatents(intra, latents, kAmplitude, &shown);
  if (status.code() == StatusCode::kUnsupported) return pictures;
  FURL_RETURN_IF_ERROR(status);
  constexpr int kJpegScale = 3;
  const ColorTags full = {.full_range = true};
  for (size_t i = 0; i < latents.size(); ++i) {
    FURL_ASSIGN_OR_RETURN(const FramePtr picture, Stretched(*shown[0], *shown[i + 1]));
    FURL_ASSIGN_OR_RETURN(pictures[std::to_string(latents[i])],
                          report::JpegUri(*picture, full, kJpegScale));
  }
  return pictures;
}

}  // namespace furl::inspect
