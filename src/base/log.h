// LogFunction: how the library tells its caller of events that are no errors of a call.

#ifndef FURL_BASE_LOG_H_
#define FURL_BASE_LOG_H_

#include <cstdint>
#include <functional>
#include <string>

namespace furl {

enum class LogLevel : uint8_t {
  kWarning = 1,  // something was damaged, and what was done about it
  kInfo = 2,     // how the work is done: model, threads, instruction set
};

// Gets one event as one line without its end. Empty where nobody listens.
using LogFunction = std::function<void(LogLevel level, const std::string& message)>;

inline void Log(const LogFunction& log, LogLevel level, const std::string& message) {
  if (log) log(level, message);
}

}  // namespace furl

#endif  // FURL_BASE_LOG_H_
