#include "api/images.h"

#include <cstdint>
#include <cstring>

namespace furl::api_internal {
namespace {

// Copies one plane; kInvalidArgument for samples that don't fit the bit depth.
Status CopyIn(const void* source, ptrdiff_t stride, int bytes_per_sample, int bit_depth,
              Plane plane) {
  uint32_t all = 0;
  for (int y = 0; y < plane.height; ++y) {
    const uint8_t* row = static_cast<const uint8_t*>(source) + y * stride;
    uint16_t* out = plane.row(y);
    if (bytes_per_sample == 2) {
      std::memcpy(out, row, static_cast<size_t>(plane.width) * 2);
      for (int x = 0; x < plane.width; ++x) all |= out[x];
    } else {
      for (int x = 0; x < plane.width; ++x) out[x] = row[x];
    }
  }
  if (all >> bit_depth != 0) return InvalidArgument("a sample exceeds the bit depth");
  return OkStatus();
}

Status CheckImage(const furl_image& image, int width, int bit_depth) {
  if (image.bytes_per_sample != 1 && image.bytes_per_sample != 2) {
    return InvalidArgument("bytes_per_sample is 1 or 2");
  }
  if (image.bytes_per_sample == 1 && bit_depth > 8) {
    return InvalidArgument("10-bit pictures need 2 bytes per sample");
  }
  for (int p = 0; p < 3; ++p) {
    if (image.planes[p] == nullptr) return InvalidArgument("a plane is NULL");
    const ptrdiff_t row = ptrdiff_t{PlaneWidth(width, p)} * image.bytes_per_sample;
    if (image.strides[p] < row && image.strides[p] > -row) {
      return InvalidArgument("a stride is shorter than its row");
    }
  }
  return OkStatus();
}

}  // namespace

Result<FramePtr> FrameFromC(const furl_image& image, int width, int height, int bit_depth) {
  FURL_RETURN_IF_ERROR(CheckImage(image, width, bit_depth));
  FURL_ASSIGN_OR_RETURN(FramePtr frame, Frame::Create(width, height, bit_depth));
  for (int p = 0; p < 3; ++p) {
    FURL_RETURN_IF_ERROR(CopyIn(image.planes[p], image.strides[p], image.bytes_per_sample,
                                bit_depth, frame->plane(p)));
  }
  frame->set_tag({image.pts, image.duration, image.user_data});
  return frame;
}

}  // namespace furl::api_internal
