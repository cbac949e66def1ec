// ErrorLatch: the first error of an object that can't go on after one.
//
//   Status Encoder::Send(Frame frame) {
//     return latch_.Run([&] { return Code(frame); });
//   }

#ifndef FURL_BASE_ERROR_LATCH_H_
#define FURL_BASE_ERROR_LATCH_H_

#include <utility>

#include "base/exceptions.h"
#include "base/status.h"

namespace furl {

class ErrorLatch {
 public:
  // What `body`, a function without arguments that returns a Status, returns or throws. Once one
  // has failed no other is run: its error is the answer from then on.
  //
  // kTryAgain and kEndOfStream are answers, not errors. kInvalidArgument isn't kept either: a body
  // refuses its arguments before it changes anything.
  template <typename Body>
  Status Run(Body&& body) noexcept {
    if (!error_.ok()) return Kept();
    Status status = CatchExceptions(std::forward<Body>(body));
    if (IsKept(status.code())) Keep(status);
    return status;
  }

 private:
  static bool IsKept(StatusCode code) {
    return code != StatusCode::kOk && code != StatusCode::kTryAgain &&
           code != StatusCode::kEndOfStream && code != StatusCode::kInvalidArgument;
  }

  // Copies of long messages need memory. Where there is none the code alone must do.
  void Keep(const Status& status) noexcept {
    try {
      error_ = status;
    } catch (...) {
      error_ = Status(status.code(), {});
    }
  }
  Status Kept() const noexcept {
    try {
      return error_;
    } catch (...) {
      return {error_.code(), {}};
    }
  }

  Status error_;
};

}  // namespace furl

#endif  // FURL_BASE_ERROR_LATCH_H_
