// AlignedBuffer: a fixed-size array of trivial elements on a 64-byte boundary,
// zero-filled, with readable padding behind it for full-vector loads.

#ifndef FURL_BASE_ALIGNED_BUFFER_H_
#define FURL_BASE_ALIGNED_BUFFER_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include "base/status.h"

namespace furl {

inline constexpr size_t kBufferAlignment = 64;

template <typename T>
class AlignedBuffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // Bytes behind the last element that may be read (their content is zero).
  static constexpr size_t kReadablePadding = 64;

  AlignedBuffer() = default;
  AlignedBuffer(AlignedBuffer&& other) noexcept { swap(other); }
  AlignedBuffer& operator=(AlignedBuffer&& other) noexcept {
    AlignedBuffer(std::move(other)).swap(*this);
    return *this;
  }
  ~AlignedBuffer() { std::free(data_); }

  // Discards the content and holds `size` zero elements, or reports that
  // memory is missing; the old content is gone either way.
  Status Resize(size_t size) {
    AlignedBuffer().swap(*this);
    constexpr size_t kMax = std::numeric_limits<size_t>::max() / 2;
    if (size > (kMax - kReadablePadding) / sizeof(T)) {
      return Status(StatusCode::kOutOfMemory, "buffer size overflows");
    }
    size_t bytes = size * sizeof(T) + kReadablePadding;
    bytes = (bytes + kBufferAlignment - 1) / kBufferAlignment * kBufferAlignment;
    data_ = static_cast<T*>(std::aligned_alloc(kBufferAlignment, bytes));
    if (data_ == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
    std::memset(static_cast<void*>(data_), 0, bytes);
    size_ = size;
    return OkStatus();
  }

  T* data() { return data_; }
  const T* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  std::span<T> span() { return {data_, size_}; }
  std::span<const T> span() const { return {data_, size_}; }

  void swap(AlignedBuffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

 private:
  T* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace furl

#endif  // FURL_BASE_ALIGNED_BUFFER_H_
