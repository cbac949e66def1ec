// CatchExceptions: where the standard library's exceptions end. furl throws none itself, but
// containers do when there is no memory left.

#ifndef FURL_BASE_EXCEPTIONS_H_
#define FURL_BASE_EXCEPTIONS_H_

#include <new>

#include "base/status.h"

namespace furl {

// What `body` returns, a Status; or what it throws, as one. Allocates nothing (the messages are
// short enough for the string itself).
template <typename Body>
Status CatchExceptions(Body&& body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return {StatusCode::kOutOfMemory, "out of memory"};
  } catch (...) {
    return {StatusCode::kInternal, "exception"};
  }
}

}  // namespace furl

#endif  // FURL_BASE_EXCEPTIONS_H_
