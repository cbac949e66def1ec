// Kernels: the set of functions that one CPU target brings. What they compute
// is defined by nn/ops/scalar_ops.h; the plan calls them row by row.

#ifndef FURL_NN_KERNELS_KERNELS_H_
#define FURL_NN_KERNELS_KERNELS_H_

#include <cstddef>
#include <cstdint>

#include "base/checked_math.h"
#include "nn/cpu.h"
#include "nn/kernels/conv_pack.h"
#include "nn/ops/lap.h"

namespace furl::nn {

// Rows [row_begin, row_end) of the output of a job.
using ConvFunction = void (*)(const ConvJob& job, int row_begin, int row_end);

struct Kernels {
  PackSpec pack;
  ConvFunction conv;
  // quant of `pixels` positions; offset (channels values) may be null.
  void (*quant)(const int16_t* in, const int16_t* offset, int shift, int pixels, int channels,
                uint8_t* out);
  // Saturating sum; count is a multiple of 16.
  void (*add)(const int16_t* a, const int16_t* b, size_t count, int16_t* out);
  // The two digits of a conv16 input: clamped to 14 bits, plus 8192, upper and
  // lower 7 bits; count is a multiple of 16.
  void (*split)(const int16_t* in, size_t count, uint8_t* high, uint8_t* low);
  LapFunction lap;
};

// The kernels of a target; null for kScalar and where they are not compiled in.
// Whether the machine can run them is CpuTargetIsSupported's answer.
const Kernels* FindKernels(CpuTarget target);

// For targets whose wider instructions only convolutions gain from: the rest
// waits for memory and is that of Avx2Kernels().
Kernels ConvAndAvx2Kernels(const PackSpec& pack, ConvFunction conv);

// One per file; null where the compiler's architecture is another one.
const Kernels* PortableKernels();
const Kernels* Sse4Kernels();
const Kernels* Avx2Kernels();
const Kernels* AvxVnniKernels();
const Kernels* Avx512Kernels();
const Kernels* VnniKernels();
const Kernels* AmxKernels();
const Kernels* NeonKernels();
const Kernels* DotProdKernels();
const Kernels* Simd128Kernels();

}  // namespace furl::nn

#endif  // FURL_NN_KERNELS_KERNELS_H_
