// What the server counts, and the text that Prometheus reads of it.

#ifndef FURL_SERVE_COUNTERS_H_
#define FURL_SERVE_COUNTERS_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace furl::serve {

// Why something was not done. The names in Prometheus are those of RefusalName.
enum class Refusal {
  kNone,
  kMalformedRequest,  // no path, a body, more than may be
  kTraversal,
  kHidden,     // a name with a dot in front
  kTemporary,  // a file that is being written
  kNotFound,
  kMethod,
  kRange,
  kConnections,         // as many as may be
  kAddressConnections,  // as many as one address may have
  kSlowRequest,         // a head that didn't come in time
  kSlowReader,          // an answer that wasn't taken
};
std::string_view RefusalName(Refusal refusal);

// All functions can be called by several threads at once.
class Counters {
 public:
  void CountConnection() { Add(&connections_total_, 1); }
  void CountAnswer(std::string_view method, int status);
  void CountRefusal(Refusal refusal);
  void CountBytes(int64_t bytes) { Add(&bytes_, bytes); }
  void ChangeConnections(int by) { Add(&connections_, by); }
  void ChangeOpenFiles(int by) { Add(&open_files_, by); }

  int64_t answers() const;  // so far, of any status

  // Format 0.0.4. `start` is when the server began, in seconds since 1970.
  std::string Prometheus(std::string_view version, int64_t start) const;

 private:
  void Add(int64_t* counter, int64_t by);

  mutable std::mutex mutex_;  // guards all below
  std::map<std::pair<std::string, int>, int64_t> answers_;
  std::map<Refusal, int64_t> refusals_;
  int64_t connections_total_ = 0;
  int64_t connections_ = 0;
  int64_t open_files_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace furl::serve

#endif  // FURL_SERVE_COUNTERS_H_
