// EncodeRun: one encode of a whole input at one crf.

#ifndef FURL_CLI_ENCODE_ENCODE_RUN_H_
#define FURL_CLI_ENCODE_ENCODE_RUN_H_

#include <chrono>
#include <functional>
#include <memory>

#include "cli/commands.h"
#include "cli/encode/encode_options.h"
#include "codec/common/family.h"
#include "media/coded_io.h"
#include "media/video_reader.h"

namespace furl::cli {

struct EncodeOutcome {
  int64_t frames = 0;
  int64_t key_frames = 0;
  int64_t bytes = 0;        // of the file
  int64_t video_bytes = 0;  // of its video packets
  double video_seconds = 0;
  double wall_seconds = 0;

  double bits_per_second() const {
    return video_seconds > 0 ? static_cast<double>(video_bytes) * 8 / video_seconds : 0;
  }
};

struct EncodeJob {
  int crf = 0;
  FamilyEncoderPtr family;  // prepared model
  // Opened for these options and not read from yet; null: the run opens one.
  std::unique_ptr<media::VideoReader> reader;
  // What there was to notice has been said.
  bool again = false;
  // The output exists and is of an earlier run of this command.
  bool replace = false;
  // Sees every coded frame; may be empty.
  std::function<void(const FrameReport&)> observer;
  // Asked when all is coded, before the file gets its name; an error leaves no
  // file and is what Run returns. May be empty; not asked for pipes and devices.
  std::function<Status(const EncodeOutcome&)> accept;
};

class EncodeRun {
 public:
  // `options` is borrowed.
  EncodeRun(const EncodeOptions& options, EncodeJob job, Console& console)
      : options_(options), job_(std::move(job)), console_(console) {}

  // Encodes; on success says so, and adds the keys of `result` (docs/cli.md).
  Status Run(Details* details);

  // Complete after Run.
  const EncodeOutcome& outcome() const { return outcome_; }

 private:
  Status Open();
  void Announce();
  Status Loop();
  Status Write(EncodedPacket packet);
  Status Accept(int64_t bytes);
  void Summarize(Details* details);

  const EncodeOptions& options_;
  EncodeJob job_;
  Console& console_;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<media::CodedWriter> writer_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  int64_t end_ = 0;  // of the last frame read, in ticks
  EncodeOutcome outcome_;
};

// What must hold before any work: a new or replaceable output that isn't the
// input, standard output used once.
Status CheckEncodeOutput(const EncodeOptions& options, const Console& console);

// The model to encode with, prepared. kUnsupported if there is none.
Result<FamilyEncoderPtr> EncodeFamily(const EncodeOptions& options);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_ENCODE_RUN_H_
