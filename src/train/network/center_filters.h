// Start values of layers that see packed pictures.

#ifndef FURL_TRAIN_NETWORK_CENTER_FILTERS_H_
#define FURL_TRAIN_NETWORK_CENTER_FILTERS_H_

#include <string>

#include "train/network/params.h"

namespace furl::train {

// Takes the mean over each plane of a packed block out of the first three quarters of a pointwise
// convolution's filters and scales all: what varies in a block is a fraction of what its mean is.
// Does nothing where there is no convolution of that name.
void CenterFilters(const std::string& name, double gain, ParamStore& params);

}  // namespace furl::train

#endif  // FURL_TRAIN_NETWORK_CENTER_FILTERS_H_
