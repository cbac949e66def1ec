// Batches drawn ahead of their use. A GPU finishes a step faster than one thread
// cuts and augments the crops of the next.

#ifndef FURL_TRAIN_LOOP_PREFETCH_H_
#define FURL_TRAIN_LOOP_PREFETCH_H_

#include <vector>

#include "train/data/batch_source.h"

namespace furl::train {

// Draws from the sources in turn, whole batches of random QPs (-1), with a
// thread for each that keeps a few in stock. The order doesn't depend on timing.
// `pin` puts them where a GPU copies from without waiting. What a source throws,
// the returned function throws.
BatchSource Prefetch(std::vector<BatchSource> sources, bool pin);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_PREFETCH_H_
