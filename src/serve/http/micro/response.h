// An Answer as libmicrohttpd sends it.

#ifndef FURL_SERVE_HTTP_MICRO_RESPONSE_H_
#define FURL_SERVE_HTTP_MICRO_RESPONSE_H_

#include <microhttpd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "serve/counters.h"
#include "serve/site.h"

namespace furl::serve {

struct ResponseCloser {
  void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using ResponsePtr = std::unique_ptr<MHD_Response, ResponseCloser>;

// `sent` grows by what is handed out of a file, and `progress` is called then; both must outlive
// the connection's use of the response. Null where there is no memory.
ResponsePtr MakeResponse(Answer answer, Counters* counters, std::atomic<int64_t>* sent,
                         std::function<void()> progress);

}  // namespace furl::serve

#endif  // FURL_SERVE_HTTP_MICRO_RESPONSE_H_
