// Raw access to channels-last CPU tensors for the one-pass loops of
// network/fused_ops.cc and hyperprior/fused_step.cc.

#ifndef FURL_TRAIN_NETWORK_FUSED_TENSORS_H_
#define FURL_TRAIN_NETWORK_FUSED_TENSORS_H_

#include <bit>
#include <cstdint>

#include "train/base/torch_compat.h"

namespace furl::train::fused {

// bfloat16 bits to float and back, to the nearest.
inline float Widen(uint16_t x) { return std::bit_cast<float>(static_cast<uint32_t>(x) << 16); }
inline uint16_t Narrow(float x) {
  const uint32_t bits = std::bit_cast<uint32_t>(x);
  return static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

inline uint16_t* Half(const Tensor& t) { return static_cast<uint16_t*>(t.data_ptr()); }
inline float* Float(const Tensor& t) { return t.data_ptr<float>(); }
inline Tensor Nhwc(const Tensor& t) { return t.contiguous(torch::MemoryFormat::ChannelsLast); }

inline Tensor NewLike(const Tensor& x, torch::ScalarType type) {
  return torch::empty(x.sizes(), x.options().dtype(type), torch::MemoryFormat::ChannelsLast);
}

// Calls body(item, position) for all positions, positions counted over items.
template <typename Body>
void EachPosition(const Tensor& x, const Body& body) {
  const int64_t area = x.size(2) * x.size(3);
  for (int64_t n = 0; n < x.size(0); ++n) {
    for (int64_t i = 0; i < area; ++i) body(n, n * area + i);
  }
}

}  // namespace furl::train::fused

#endif  // FURL_TRAIN_NETWORK_FUSED_TENSORS_H_
