#include "base/status.h"

namespace furl {

const char* StatusCodeName(StatusCode code) {
  switch (code) {
    case StatusCode::kOk: return "ok";
    case StatusCode::kNeedMoreData: return "need_more_data";
    case StatusCode::kTryAgain: return "try_again";
    case StatusCode::kEndOfStream: return "end_of_stream";
    case StatusCode::kInvalidArgument: return "invalid_argument";
    case StatusCode::kInvalidStream: return "invalid_stream";
    case StatusCode::kUnsupported: return "unsupported";
    case StatusCode::kWrongModel: return "wrong_model";
    case StatusCode::kLimitExceeded: return "limit_exceeded";
    case StatusCode::kOutOfMemory: return "out_of_memory";
    case StatusCode::kIo: return "io";
    case StatusCode::kVerifyFailed: return "verify_failed";
    case StatusCode::kCancelled: return "cancelled";
    case StatusCode::kInternal: return "internal";
  }
  return "unknown";
}

Status Status::WithContext(std::string_view context) const {
  if (ok()) return *this;
  std::string joined(context);
  joined += ": ";
  joined += message_;
  return Status(code_, std::move(joined));
}

}  // namespace furl
