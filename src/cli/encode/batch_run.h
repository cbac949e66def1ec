// BatchRun: furl encode of several files, one after the other.

#ifndef FURL_CLI_ENCODE_BATCH_RUN_H_
#define FURL_CLI_ENCODE_BATCH_RUN_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/encode/batch_plan.h"
#include "cli/encode/encode_options.h"

namespace furl::cli {

// Encodes one file, and locks the process in before it opens it.
using EncodeFileFn =
    std::function<Status(const EncodeOptions& options, Console& console, Details* details)>;

class BatchRun {
 public:
  // `options` and `console` are borrowed.
  BatchRun(const EncodeOptions& options, EncodeFileFn encode, Console& console)
      : options_(options), encode_(std::move(encode)), console_(console) {}

  // Goes on after files that fail. The status of the first that did, with how many it were;
  // kCancelled after Ctrl-C, which ends all.
  Status Run(const std::vector<BatchItem>& items, Details* details);

 private:
  enum class State { kDone, kSkipped, kFailed };
  struct Failure {
    std::string text;
    StatusCode code;
  };

  // kCancelled ends the whole; other errors are noted.
  Status RunItem(const BatchItem& item);
  Status Encode(const BatchItem& item, Details* details);
  void Tell(const BatchItem& item, State state, const Status& status, Details details);
  void Summarize(size_t files, Details* details);

  const EncodeOptions& options_;
  const EncodeFileFn encode_;
  Console& console_;
  int64_t done_ = 0;
  int64_t skipped_ = 0;
  int64_t bytes_in_ = 0;  // of those that are done
  int64_t bytes_out_ = 0;
  std::vector<Failure> failures_;
};

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_BATCH_RUN_H_
