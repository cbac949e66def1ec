// Status and Result: how every furl module reports bad data, bad arguments and
// missing resources. Programmer mistakes are FURL_DASSERTs instead.
//
// Library code never throws, prints or exits; it returns one of these.

#ifndef FURL_BASE_STATUS_H_
#define FURL_BASE_STATUS_H_

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace furl {

enum class StatusCode {
  kOk = 0,
  kNeedMoreData,     // push more input and call again
  kTryAgain,         // output is full; drain and call again
  kEndOfStream,      // no more items, not an error
  kInvalidArgument,  // the caller asked for something meaningless (usage)
  kInvalidStream,    // damaged, truncated or malformed input
  kUnsupported,      // valid, but this build or version can't do it
  kWrongModel,       // the stream names a model that was not given
  kLimitExceeded,    // a size, memory or complexity limit was hit
  kOutOfMemory,
  kIo,            // the operating system refused a read or write
  kVerifyFailed,  // a checksum or comparison did not match
  kCancelled,     // interrupted on request
  kInternal,
};

// Short stable name, for logs and JSON: "invalid_stream".
const char* StatusCodeName(StatusCode code);

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(StatusCode code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const { return code_ == StatusCode::kOk; }
  StatusCode code() const { return code_; }
  const std::string& message() const { return message_; }

  // The same status with `context` in front: "packet 3: bad CRC".
  Status WithContext(std::string_view context) const;

 private:
  StatusCode code_ = StatusCode::kOk;
  std::string message_;
};

inline Status OkStatus() { return Status(); }
inline Status InvalidArgument(std::string m) {
  return {StatusCode::kInvalidArgument, std::move(m)};
}
inline Status InvalidStream(std::string m) { return {StatusCode::kInvalidStream, std::move(m)}; }
inline Status Unsupported(std::string m) { return {StatusCode::kUnsupported, std::move(m)}; }
inline Status LimitExceeded(std::string m) { return {StatusCode::kLimitExceeded, std::move(m)}; }
inline Status IoError(std::string m) { return {StatusCode::kIo, std::move(m)}; }
inline Status InternalError(std::string m) { return {StatusCode::kInternal, std::move(m)}; }

// Answers that are no errors. They are asked for all the time and also without memory: these
// messages are short enough for the string itself.
inline Status TryAgain() { return {StatusCode::kTryAgain, "not now"}; }
inline Status EndOfStream() { return {StatusCode::kEndOfStream, "no more"}; }

// A value or the reason why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}         // NOLINT: implicit on purpose
  Result(Status status) : status_(std::move(status)) {  // NOLINT: implicit on purpose
    assert(!status_.ok());
  }

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }
  T& value() & { return *value_; }
  const T& value() const& { return *value_; }
  T&& value() && { return std::move(*value_); }
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace furl

#define FURL_CONCAT_INNER_(a, b) a##b
#define FURL_CONCAT_(a, b) FURL_CONCAT_INNER_(a, b)

// Returns the status of `expr` from the enclosing function unless it is OK.
#define FURL_RETURN_IF_ERROR(expr)               \
  do {                                           \
    ::furl::Status furl_status_ = (expr);        \
    if (!furl_status_.ok()) return furl_status_; \
  } while (false)

// Assigns the value of a Result to `lhs`, or returns its status.
#define FURL_ASSIGN_OR_RETURN(lhs, expr) \
  FURL_ASSIGN_OR_RETURN_IMPL_(FURL_CONCAT_(furl_result_, __LINE__), lhs, expr)
#define FURL_ASSIGN_OR_RETURN_IMPL_(tmp, lhs, expr) \
  auto tmp = (expr);                                \
  if (!tmp.ok()) return tmp.status();               \
  lhs = std::move(tmp).value()

// Debug-build check of a promise the programmer made.
#define FURL_DASSERT(cond) assert(cond)

#endif  // FURL_BASE_STATUS_H_
