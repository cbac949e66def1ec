// Tensor: height x width x channels of one integer format (docs/numerics.md
// section 1), channels innermost, with a border of one zero position on every
// side so that 3x3 kernels read the neighbours of any position without asking.
//
//   Tensor t;
//   FURL_RETURN_IF_ERROR(t.Reshape(Format::kU7, h, w, 64));
//   t.U7(y, x)[c] = 12;   // interior only: the border must stay zero

#ifndef FURL_NN_TENSOR_H_
#define FURL_NN_TENSOR_H_

#include <cstddef>
#include <cstdint>

#include "base/aligned_buffer.h"
#include "base/status.h"
#include "nn/graph/graph.h"

namespace furl::nn {

inline constexpr int kChannelMultiple = 16;
inline constexpr int kMaxChannels = 4096;
inline constexpr int kMaxTensorSide = 16384;
inline constexpr uint64_t kMaxTensorBytes = uint64_t{1} << 32;

constexpr int BytesPerValue(Format format) { return format == Format::kU7 ? 1 : 2; }

// The position inside 0..side-1 that stands for one just outside, mirrored at the outermost one; in
// a side of 1 that itself.
constexpr int Mirror(int position, int side) {
  if (position < 0) return side > 1 ? -position : 0;
  if (position >= side) return side > 1 ? 2 * side - 2 - position : 0;
  return position;
}

class Tensor {
 public:
  Tensor() = default;
  Tensor(Tensor&&) noexcept = default;
  Tensor& operator=(Tensor&&) noexcept = default;

  // A zero tensor. Fails with kInvalidArgument (no side or a channel count that
  // is no multiple of 16), kLimitExceeded or kOutOfMemory.
  static Result<Tensor> Create(Format format, int height, int width, int channels);

  // Bytes that a tensor of that shape takes.
  static uint64_t BytesOf(Format format, int height, int width, int channels) {
    return (uint64_t{static_cast<unsigned>(height)} + 2) * (width + 2) * channels *
           BytesPerValue(format);
  }

  // Keeps memory and content where the shape is the same already; otherwise
  // becomes a zero tensor of the new shape. Fails like Create.
  Status Reshape(Format format, int height, int width, int channels);

  // Takes shape and content of `other`. Fails with kOutOfMemory.
  Status CopyFrom(const Tensor& other);

  // Sets every value to zero.
  void Clear();

  Format format() const { return format_; }
  int height() const { return height_; }
  int width() const { return width_; }
  int channels() const { return channels_; }
  bool empty() const { return buffer_.empty(); }
  bool HasShape(Format format, int height, int width, int channels) const {
    return format == format_ && height == height_ && width == width_ && channels == channels_;
  }
  bool SameShape(const Tensor& other) const {
    return HasShape(other.format_, other.height_, other.width_, other.channels_);
  }

  // Values from a position to the one below it.
  ptrdiff_t row_stride() const { return ptrdiff_t{width_ + 2} * channels_; }

  // The channels() values at a position; -1 <= y <= height, -1 <= x <= width.
  // Positions of a row follow each other without gaps.
  uint8_t* U7(int y, int x) {
    FURL_DASSERT(format_ == Format::kU7 && Inside(y, x));
    return buffer_.data() + Offset(y, x);
  }
  const uint8_t* U7(int y, int x) const { return const_cast<Tensor*>(this)->U7(y, x); }
  int16_t* S16(int y, int x) {
    FURL_DASSERT(format_ == Format::kS16 && Inside(y, x));
    return reinterpret_cast<int16_t*>(buffer_.data()) + Offset(y, x);
  }
  const int16_t* S16(int y, int x) const { return const_cast<Tensor*>(this)->S16(y, x); }

  // The same address as bytes, in either format.
  uint8_t* Bytes(int y, int x) { return buffer_.data() + Offset(y, x) * BytesPerValue(format_); }
  const uint8_t* Bytes(int y, int x) const { return const_cast<Tensor*>(this)->Bytes(y, x); }

  // Whether the border holds zeros only (a check for debug builds and tests).
  bool BorderIsZero() const;

  // Same shape and same values.
  bool operator==(const Tensor& other) const;

 private:
  bool Inside(int y, int x) const {
    return !empty() && y >= -1 && y <= height_ && x >= -1 && x <= width_;
  }
  ptrdiff_t Offset(int y, int x) const {
    return (ptrdiff_t{y + 1} * (width_ + 2) + (x + 1)) * channels_;
  }

  Format format_ = Format::kU7;
  int height_ = 0;
  int width_ = 0;
  int channels_ = 0;
  AlignedBuffer<uint8_t> buffer_;
};

// Fills what of the border of a u7 tensor is mirrored from row `y`: all of it, once called for
// every row.
void MirrorAround(int y, Tensor* tensor);

}  // namespace furl::nn

#endif  // FURL_NN_TENSOR_H_
