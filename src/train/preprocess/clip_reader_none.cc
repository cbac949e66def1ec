// Stands in for clip_reader.cc where FFmpeg isn't installed: machines that train
// get their frame cache from elsewhere.

#include "train/preprocess/clip_reader.h"

namespace furl::train {
namespace {

Status NoFfmpeg() { return Unsupported("this furl-train was built without FFmpeg"); }

}  // namespace

Result<ClipSize> ProbeClip(const std::string& /*path*/) { return NoFfmpeg(); }

Status ReadClip(const std::string& /*path*/, ClipSize /*size*/, ScaleFilter /*filter*/,
                const std::function<Status(const PlanarPicture&)>& /*sink*/) {
  return NoFfmpeg();
}

}  // namespace furl::train
