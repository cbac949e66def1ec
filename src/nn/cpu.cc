#include "nn/cpu.h"

#include <cstdlib>
#include <iterator>
#include <mutex>
#include <string>

#include "nn/kernels/kernels.h"

#if defined(__x86_64__)
#include <cpuid.h>

#include "hwy/highway.h"
#include "hwy/targets.h"
#endif
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#if defined(__aarch64__)
#include <sys/auxv.h>
#endif
#endif

namespace furl::nn {
namespace {

constexpr struct {
  CpuTarget target;
  const char* name;
} kNames[] = {
    {CpuTarget::kScalar, "scalar"},   {CpuTarget::kPortable, "portable"},
    {CpuTarget::kSse4, "sse4"},       {CpuTarget::kAvx2, "avx2"},
    {CpuTarget::kAvxVnni, "avxvnni"}, {CpuTarget::kAvx512, "avx512"},
    {CpuTarget::kVnni, "vnni"},       {CpuTarget::kAmx, "amx"},
    {CpuTarget::kNeon, "neon"},       {CpuTarget::kDotProd, "dotprod"},
    {CpuTarget::kSimd128, "simd128"},
};

#if defined(__x86_64__)

// Bit of register EAX (0) ... EDX (3) of CPUID leaf 7.
bool CpuidLeaf7(int subleaf, int reg, int bit) {
  unsigned r[4] = {};
  if (__get_cpuid_count(7, subleaf, &r[0], &r[1], &r[2], &r[3]) == 0) return false;
  return (r[reg] >> bit & 1) != 0;
}

bool HasAvx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl");
}

// Linux grants the tile registers to a process that asks (arch_prctl with
// ARCH_REQ_XCOMP_PERM for XTILEDATA); elsewhere AMX stays unused.
bool HasAmx() {
#if defined(__linux__) && defined(SYS_arch_prctl)
  const bool cpu = CpuidLeaf7(0, 3, 24) && CpuidLeaf7(0, 3, 25);  // AMX-TILE, AMX-INT8
  if (!cpu || !HasAvx512()) return false;
  static const bool granted = syscall(SYS_arch_prctl, 0x1023, 18) == 0;
  return granted;
#else
  return false;
#endif
}

bool HasX86(CpuTarget target) {
  switch (target) {
    case CpuTarget::kPortable:
      return PortableKernels() != nullptr && __builtin_cpu_supports("ssse3");
    case CpuTarget::kSse4: return __builtin_cpu_supports("sse4.1");
    case CpuTarget::kAvx2: return __builtin_cpu_supports("avx2");
    case CpuTarget::kAvxVnni: return __builtin_cpu_supports("avx2") && CpuidLeaf7(1, 0, 4);
    case CpuTarget::kAvx512: return HasAvx512();
    case CpuTarget::kVnni: return HasAvx512() && __builtin_cpu_supports("avx512vnni");
    case CpuTarget::kAmx: return HasAmx();
    default: return false;
  }
}

#elif defined(__aarch64__)

bool HasDotProd() {
#if defined(__ARM_FEATURE_DOTPROD)
  return true;
#elif defined(__linux__)
  return (getauxval(AT_HWCAP) >> 20 & 1) != 0;  // HWCAP_ASIMDDP
#else
  return false;
#endif
}

#endif

// Keeps Highway's kernels (motion, loop filter, metrics) from what is above `highest`, too.
// They have a baseline of the architecture instead of a scalar path.
void LimitHighway([[maybe_unused]] CpuTarget highest) {
#if defined(__x86_64__)
  // The better a target, the lower its bit. Later Highways know more of them than this one.
  int64_t disabled = 0;
  if (highest < CpuTarget::kSse4) {
    disabled = 2 * HWY_SSSE3 - 1;
  } else if (highest < CpuTarget::kAvx2) {
    disabled = HWY_SSE4 - 1;
  } else if (highest < CpuTarget::kAvx512) {
    disabled = HWY_AVX2 - 1;
  }
  if (disabled != 0) hwy::DisableTargets(disabled);
#endif
}

}  // namespace

const char* CpuTargetName(CpuTarget target) {
  for (const auto& entry : kNames) {
    if (entry.target == target) return entry.name;
  }
  return "unknown";
}

bool CpuTargetIsSupported(CpuTarget target) {
  if (target == CpuTarget::kScalar) return true;
#if defined(__x86_64__)
  return HasX86(target);
#elif defined(__aarch64__)
  return (target == CpuTarget::kPortable && PortableKernels() != nullptr) ||
         target == CpuTarget::kNeon || (target == CpuTarget::kDotProd && HasDotProd());
#else
  return (target == CpuTarget::kPortable || target == CpuTarget::kSimd128) &&
         FindKernels(target) != nullptr;
#endif
}

std::vector<CpuTarget> SupportedCpuTargets() {
  std::vector<CpuTarget> supported;
  for (const auto& entry : kNames) {
    if (CpuTargetIsSupported(entry.target)) supported.push_back(entry.target);
  }
  return supported;
}

Result<CpuTarget> ChooseCpuTarget(std::string_view limit) {
  CpuTarget highest = CpuTarget::kSimd128;
  if (!limit.empty()) {
    const auto* found = std::begin(kNames);
    while (found != std::end(kNames) && limit != found->name) ++found;
    if (found == std::end(kNames)) {
      return InvalidArgument("FURL_CPU: unknown target " + std::string(limit));
    }
    highest = found->target;
  }
  CpuTarget best = CpuTarget::kScalar;
  for (CpuTarget target : SupportedCpuTargets()) {
    if (target <= highest) best = target;
  }
  return best;
}

Result<CpuTarget> ChooseCpuTarget() {
  const char* limit = std::getenv("FURL_CPU");
  if (limit == nullptr) return ChooseCpuTarget("");
  const Result<CpuTarget> chosen = ChooseCpuTarget(limit);
  // Once: it takes the kernels' choice back, which others may be making.
  static std::once_flag limited;
  if (chosen.ok()) std::call_once(limited, [&] { LimitHighway(*chosen); });
  return chosen;
}

}  // namespace furl::nn
