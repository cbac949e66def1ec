// What the kernels_*.cc files share: target attributes for a region of code
// (instead of compiler flags per file, which would let inline functions of
// foreign headers be built for the wrong CPU), and forced inlining. Include it
// in front of everything else.

#ifndef FURL_NN_KERNELS_SIMD_ATTRIBUTES_H_
#define FURL_NN_KERNELS_SIMD_ATTRIBUTES_H_

#include <utility>

#define FURL_NN_INLINE inline __attribute__((always_inline))
#define FURL_NN_INLINE_LAMBDA __attribute__((always_inline))

#define FURL_NN_PRAGMA_(x) _Pragma(#x)
#if defined(__clang__)
#define FURL_NN_BEGIN_TARGET(names) \
  FURL_NN_PRAGMA_(clang attribute push(__attribute__((target(names))), apply_to = function))
#define FURL_NN_END_TARGET FURL_NN_PRAGMA_(clang attribute pop)
#else
// GCC 12's own AVX-512 headers warn once they are inlined (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#define FURL_NN_BEGIN_TARGET(names) \
  FURL_NN_PRAGMA_(GCC push_options) FURL_NN_PRAGMA_(GCC target(names))
#define FURL_NN_END_TARGET FURL_NN_PRAGMA_(GCC pop_options)
#endif

#endif  // FURL_NN_KERNELS_SIMD_ATTRIBUTES_H_
