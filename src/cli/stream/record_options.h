// The options of furl record, and what they ask for.

#ifndef FURL_CLI_STREAM_RECORD_OPTIONS_H_
#define FURL_CLI_STREAM_RECORD_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/console.h"
#include "cli/encode/encode_options.h"
#include "cli/sandbox_use.h"
#include "session/record/record_run.h"

namespace furl::cli {

struct RecordOptions {
  EncodeOptions encode;              // input (may be empty), output (a folder), how it is read
  std::vector<std::string> cameras;  // "front=rtsp://..."
  std::string config;
  std::string zones;  // of the input
  session::CameraSettings usual;
  std::string segment = "10m";
  std::string quota;
  std::string keep;
  std::string metrics;  // where /metrics is; empty: nowhere
  double stall_seconds = 10;
  bool no_reconnect = false;
  bool fast = false;
  std::string begin;
};

void AddRecordOptions(CLI::App* app, RecordOptions* options);

// All cameras that the command line and its file name, as a run takes them. `reader` says how each
// is read.
Result<std::vector<session::RecordRun::Camera>> CamerasOf(const RecordOptions& options,
                                                          const media::ReaderOptions& reader);
Result<session::RecordSettings> RecordSettingsOf(const RecordOptions& options,
                                                 const session::EncodeRequest& encode);

// Of a command that records those cameras into a folder that has files of `others`, too.
SandboxNeeds RecordNeeds(const RecordOptions& options,
                         const std::vector<session::RecordRun::Camera>& cameras,
                         std::vector<std::string> others);

}  // namespace furl::cli

#endif  // FURL_CLI_STREAM_RECORD_OPTIONS_H_
