// Multi-scale structural similarity of a plane.
//
// Z. Wang, E. P. Simoncelli, A. C. Bovik, "Multi-scale structural similarity
// for image quality assessment", Asilomar Conference on Signals, Systems and
// Computers (2003): the mean contrast and structure factor of each scale and the
// mean SSIM of the coarsest one, to the powers 0.0448, 0.2856, 0.3001, 0.2363
// and 0.1333, multiplied. Windows, constants and borders as in ssim.h at every
// scale, so that the coarse ones have windows around every sample. The next scale is made of 2x2
// means; of an odd size the last row or column counts twice.
//
// What the paper leaves open: a mean below zero counts as 0, and planes whose
// fifth scale would be smaller than a window (under 161 samples a side; 2x2
// means round sizes up) get as many scales as fit, with the exponents of these
// scales divided by their sum. So the chroma of 352x288 has four scales, and a
// plane under 21 samples a side one, which makes it SSIM.

#ifndef FURL_METRICS_MS_SSIM_H_
#define FURL_METRICS_MS_SSIM_H_

#include "base/status.h"
#include "base/thread_pool.h"
#include "image/frame.h"
#include "metrics/ssim.h"

namespace furl {

inline constexpr int kMsSsimScales = 5;
inline constexpr double kMsSsimExponents[kMsSsimScales] = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};

// Scales that planes of this size get, 1 to kMsSsimScales; sides at least
// kSsimWindow.
int MsSsimScales(int width, int height);

// The raw measurement of the "ms-ssim" metric, in [0, 1]. `first`: SsimOfPlanes
// of the planes themselves.
Result<double> MultiScaleSsim(ConstPlane a, ConstPlane b, int bit_depth, const SsimMeans& first,
                              ThreadPool* pool);

}  // namespace furl

#endif  // FURL_METRICS_MS_SSIM_H_
