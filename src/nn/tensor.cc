#include "nn/tensor.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace furl::nn {

Result<Tensor> Tensor::Create(Format format, int height, int width, int channels) {
  Tensor tensor;
  FURL_RETURN_IF_ERROR(tensor.Reshape(format, height, width, channels));
  return tensor;
}

Status Tensor::Reshape(Format format, int height, int width, int channels) {
  if (!empty() && HasShape(format, height, width, channels)) return OkStatus();
  if (height < 1 || width < 1 || channels < 1 || channels % kChannelMultiple != 0) {
    return InvalidArgument("tensor shape");
  }
  if (height > kMaxTensorSide || width > kMaxTensorSide || channels > kMaxChannels) {
    return LimitExceeded("tensor too large");
  }
  const uint64_t bytes = BytesOf(format, height, width, channels);
  if (bytes > kMaxTensorBytes) return LimitExceeded("tensor too large");
  *this = Tensor();
  FURL_RETURN_IF_ERROR(buffer_.Resize(bytes));
  format_ = format;
  height_ = height;
  width_ = width;
  channels_ = channels;
  return OkStatus();
}

Status Tensor::CopyFrom(const Tensor& other) {
  if (&other == this) return OkStatus();
  if (other.empty()) {
    *this = Tensor();
    return OkStatus();
  }
  FURL_RETURN_IF_ERROR(Reshape(other.format_, other.height_, other.width_, other.channels_));
  std::memcpy(buffer_.data(), other.buffer_.data(), buffer_.size());
  return OkStatus();
}

void Tensor::Clear() {
  if (!empty()) std::memset(buffer_.data(), 0, buffer_.size());
}

bool Tensor::BorderIsZero() const {
  if (empty()) return true;
  const auto zero = [](const uint8_t* begin, const uint8_t* end) {
    return std::all_of(begin, end, [](uint8_t v) { return v == 0; });
  };
  const size_t position = size_t(channels_) * BytesPerValue(format_);
  const size_t row = position * (width_ + 2);
  if (!zero(Bytes(-1, -1), Bytes(-1, -1) + row)) return false;
  if (!zero(Bytes(height_, -1), Bytes(height_, -1) + row)) return false;
  for (int y = 0; y < height_; ++y) {
    if (!zero(Bytes(y, -1), Bytes(y, -1) + position)) return false;
    if (!zero(Bytes(y, width_), Bytes(y, width_) + position)) return false;
  }
  return true;
}

bool Tensor::operator==(const Tensor& other) const {
  if (!SameShape(other) || empty() != other.empty()) return false;
  if (empty()) return true;
  const size_t row = size_t(width_) * channels_ * BytesPerValue(format_);
  for (int y = 0; y < height_; ++y) {
    if (std::memcmp(Bytes(y, 0), other.Bytes(y, 0), row) != 0) return false;
  }
  return true;
}

void MirrorAround(int y, Tensor* tensor) {
  const auto copy = [&](int from, int to) {
    std::copy_n(tensor->U7(y, from), tensor->channels(), tensor->U7(y, to));
  };
  copy(Mirror(-1, tensor->width()), -1);
  copy(Mirror(tensor->width(), tensor->width()), tensor->width());
  for (const int outside : {-1, tensor->height()}) {
    if (Mirror(outside, tensor->height()) != y) continue;
    std::copy_n(tensor->U7(y, -1), tensor->row_stride(), tensor->U7(outside, -1));
  }
}

}  // namespace furl::nn
