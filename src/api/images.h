// Pictures of callers.

#ifndef FURL_API_IMAGES_H_
#define FURL_API_IMAGES_H_

#include <furl/furl.h>

#include "base/status.h"
#include "image/frame.h"

namespace furl::api_internal {

// A copy of such a picture. kInvalidArgument where it isn't one: strides, samples above the depth.
Result<FramePtr> FrameFromC(const furl_image& image, int width, int height, int bit_depth);

}  // namespace furl::api_internal

#endif  // FURL_API_IMAGES_H_
