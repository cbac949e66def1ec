// Overflow-checked and saturating integer arithmetic for sizes and samples.

#ifndef FURL_BASE_CHECKED_MATH_H_
#define FURL_BASE_CHECKED_MATH_H_

#include <cstddef>
#include <cstdint>
#include <optional>

namespace furl {

template <typename T>
std::optional<T> CheckedAdd(T a, T b) {
  T r;
  if (__builtin_add_overflow(a, b, &r)) return std::nullopt;
  return r;
}

template <typename T>
std::optional<T> CheckedSub(T a, T b) {
  T r;
  if (__builtin_sub_overflow(a, b, &r)) return std::nullopt;
  return r;
}

template <typename T>
std::optional<T> CheckedMul(T a, T b) {
  T r;
  if (__builtin_mul_overflow(a, b, &r)) return std::nullopt;
  return r;
}

constexpr int CeilDiv(int a, int b) { return (a + b - 1) / b; }
constexpr int RoundUp(int a, int b) { return CeilDiv(a, b) * b; }

template <typename T>
constexpr T Clamp(T v, T lo, T hi) {
  return v < lo ? lo : (v > hi ? hi : v);
}

constexpr int16_t SaturateToInt16(int64_t v) {
  return static_cast<int16_t>(Clamp<int64_t>(v, -32768, 32767));
}

// Arithmetic shift right that rounds half up; shift 0 is the identity.
constexpr int32_t RoundShift(int32_t v, int shift) {
  return shift == 0 ? v : (v + (int32_t{1} << (shift - 1))) >> shift;
}

}  // namespace furl

#endif  // FURL_BASE_CHECKED_MATH_H_
