// What each number of a look counts for. Written by furl-train-search (docs/search.md).

#ifndef FURL_ANALYSIS_LOOK_WEIGHTS_H_
#define FURL_ANALYSIS_LOOK_WEIGHTS_H_

#include <array>

namespace furl::analysis {

inline constexpr std::array<float, 128> kLookWeights = {
    0.650f, 0.859f, 1.231f, 0.667f, 0.863f, 0.759f, 0.694f, 0.647f, 0.667f, 0.609f, 0.551f, 1.195f,
    0.649f, 0.890f, 1.027f, 0.710f, 0.769f, 0.692f, 0.628f, 1.311f, 0.843f, 0.757f, 0.616f, 0.889f,
    0.944f, 0.736f, 0.864f, 0.769f, 0.702f, 1.217f, 0.760f, 0.817f, 0.766f, 0.796f, 0.643f, 0.841f,
    1.417f, 0.630f, 0.781f, 0.743f, 1.173f, 1.019f, 0.679f, 1.928f, 0.693f, 1.067f, 1.314f, 0.669f,
    1.977f, 3.228f, 2.061f, 1.027f, 1.101f, 1.690f, 2.108f, 1.241f, 2.684f, 1.037f, 4.562f, 1.062f,
    1.626f, 1.003f, 2.740f, 1.047f, 0.868f, 0.858f, 1.402f, 0.782f, 1.564f, 1.291f, 0.590f, 0.823f,
    0.690f, 0.845f, 0.768f, 0.932f, 0.753f, 0.766f, 0.665f, 1.197f, 0.792f, 0.734f, 0.707f, 0.814f,
    0.858f, 0.933f, 0.785f, 0.770f, 1.004f, 1.210f, 0.886f, 0.767f, 0.884f, 0.905f, 1.148f, 0.844f,
    1.374f, 0.861f, 1.567f, 0.938f, 1.192f, 1.219f, 0.747f, 1.114f, 1.143f, 0.852f, 1.049f, 0.826f,
    0.906f, 0.981f, 4.850f, 1.322f, 1.146f, 0.954f, 0.961f, 0.975f, 1.969f, 1.161f, 1.016f, 1.016f,
    1.003f, 0.994f, 0.868f, 1.121f, 0.992f, 1.005f, 1.413f, 1.004f,
};

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_LOOK_WEIGHTS_H_
