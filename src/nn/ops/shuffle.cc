// concat, space_to_depth, depth_to_space, crop: values move, none changes. The
// same code serves every target.

#include <cstring>

#include "nn/ops/scalar_ops.h"

namespace furl::nn {

void ConcatRows(std::span<const Tensor* const> in, Tensor* out, int row_begin, int row_end) {
  const size_t step = size_t(out->channels()) * BytesPerValue(out->format());
  size_t offset = 0;
  for (const Tensor* part : in) {
    const size_t bytes = size_t(part->channels()) * BytesPerValue(part->format());
    for (int y = row_begin; y < row_end; ++y) {
      const uint8_t* from = part->Bytes(y, 0);
      uint8_t* to = out->Bytes(y, 0) + offset;
      for (int x = 0; x < out->width(); ++x) std::memcpy(to + x * step, from + x * bytes, bytes);
    }
    offset += bytes;
  }
}

void SpaceToDepthRows(const Tensor& in, Tensor* out, int row_begin, int row_end) {
  const size_t bytes = size_t(in.channels()) * BytesPerValue(in.format());
  for (int y = row_begin; y < row_end; ++y) {
    for (int sy = 0; sy < 2; ++sy) {
      // Behind an odd side stands the border, which is zero as required; a
      // position is two input positions wide and they are neighbours.
      const uint8_t* from = in.Bytes(2 * y + sy, 0);
      uint8_t* to = out->Bytes(y, 0) + sy * 2 * bytes;
      for (int x = 0; x < out->width(); ++x) {
        std::memcpy(to + x * 4 * bytes, from + x * 2 * bytes, 2 * bytes);
      }
    }
  }
}

void DepthToSpaceRows(const Tensor& in, Tensor* out, int row_begin, int row_end) {
  const size_t bytes = size_t(out->channels()) * BytesPerValue(out->format());
  for (int y = row_begin; y < row_end; ++y) {
    const uint8_t* from = in.Bytes(y / 2, 0) + (y % 2) * 2 * bytes;
    uint8_t* to = out->Bytes(y, 0);
    for (int x = 0; x < in.width(); ++x) {
      std::memcpy(to + x * 2 * bytes, from + x * 4 * bytes, 2 * bytes);
    }
  }
}

void CropRows(const Tensor& in, Tensor* out, int row_begin, int row_end) {
  const size_t row = size_t(out->width()) * out->channels() * BytesPerValue(out->format());
  for (int y = row_begin; y < row_end; ++y) std::memcpy(out->Bytes(y, 0), in.Bytes(y, 0), row);
}

}  // namespace furl::nn
