#include "nn/kernels/kernels.h"

namespace furl::nn {

const Kernels* FindKernels(CpuTarget target) {
  switch (target) {
    case CpuTarget::kScalar: return nullptr;
    case CpuTarget::kPortable: return PortableKernels();
    case CpuTarget::kSse4: return Sse4Kernels();
    case CpuTarget::kAvx2: return Avx2Kernels();
    case CpuTarget::kAvxVnni: return AvxVnniKernels();
    case CpuTarget::kAvx512: return Avx512Kernels();
    case CpuTarget::kVnni: return VnniKernels();
    case CpuTarget::kAmx: return AmxKernels();
    case CpuTarget::kNeon: return NeonKernels();
    case CpuTarget::kDotProd: return DotProdKernels();
    case CpuTarget::kSimd128: return Simd128Kernels();
  }
  return nullptr;
}

Kernels ConvAndAvx2Kernels(const PackSpec& pack, ConvFunction conv) {
  Kernels kernels = *Avx2Kernels();
  kernels.pack = pack;
  kernels.conv = conv;
  return kernels;
}

}  // namespace furl::nn
