// CpuTarget: the instruction sets for which nn has kernels. All give the same
// results (docs/numerics.md section 5); they differ in speed only.
//
// The environment variable FURL_CPU limits the choice, for tests and
// measurements: FURL_CPU=avx2 takes the fastest supported target that is not
// above avx2 in the order below.

#ifndef FURL_NN_CPU_H_
#define FURL_NN_CPU_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace furl::nn {

// From slow to fast within one architecture.
enum class CpuTarget : uint8_t {
  kScalar,    // "scalar": the definition
  kPortable,  // "portable": Highway's baseline of the architecture
  kSse4,      // "sse4": SSE4.1
  kAvx2,      // "avx2"
  kAvxVnni,   // "avxvnni": AVX2 with 256-bit dot products
  kAvx512,    // "avx512": F, BW, VL
  kVnni,      // "vnni": AVX-512 with dot products
  kAmx,       // "amx": tile dot products
  kNeon,      // "neon": AArch64
  kDotProd,   // "dotprod": AArch64 with SDOT
  kSimd128,   // "simd128": WebAssembly
};

const char* CpuTargetName(CpuTarget target);

// Whether kernels are compiled in and this machine (and its operating system)
// runs them.
bool CpuTargetIsSupported(CpuTarget target);

// All supported targets, slowest first; never empty.
std::vector<CpuTarget> SupportedCpuTargets();

// The fastest supported target not above `limit`, a name as above or "" for no
// limit. Fails with kInvalidArgument for an unknown name.
Result<CpuTarget> ChooseCpuTarget(std::string_view limit);

// The same with the limit from FURL_CPU.
Result<CpuTarget> ChooseCpuTarget();

}  // namespace furl::nn

#endif  // FURL_NN_CPU_H_
