// How a signal asks long work to end early.

#ifndef FURL_TRAIN_BASE_STOP_H_
#define FURL_TRAIN_BASE_STOP_H_

#include <atomic>

namespace furl::train {

// Set by SIGTERM and SIGINT: what runs saves its results and returns.
inline std::atomic<bool> g_stop_requested{false};

}  // namespace furl::train

#endif  // FURL_TRAIN_BASE_STOP_H_
