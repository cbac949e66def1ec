#include "cli/exit_codes.h"

namespace furl::cli {
namespace {

struct Entry {
  StatusCode code;
  ExitCode exit;
};

constexpr Entry kTable[] = {
    {StatusCode::kOk, kExitOk},
    {StatusCode::kNeedMoreData, kExitInput},
    {StatusCode::kTryAgain, kExitFailure},
    {StatusCode::kEndOfStream, kExitInput},
    {StatusCode::kInvalidArgument, kExitUsage},
    {StatusCode::kInvalidStream, kExitInput},
    {StatusCode::kUnsupported, kExitUnsupported},
    {StatusCode::kWrongModel, kExitUnsupported},
    {StatusCode::kLimitExceeded, kExitLimit},
    {StatusCode::kOutOfMemory, kExitLimit},
    {StatusCode::kIo, kExitIo},
    {StatusCode::kVerifyFailed, kExitVerify},
    {StatusCode::kCancelled, kExitInterrupted},
    {StatusCode::kInternal, kExitFailure},
};

}  // namespace

int ExitCodeOf(const Status& status) {
  for (const Entry& entry : kTable) {
    if (entry.code == status.code()) return entry.exit;
  }
  return kExitFailure;
}

StatusCode CodeOfExit(int exit_code) {
  constexpr StatusCode kUsual[] = {StatusCode::kOk,
                                   StatusCode::kInternal,
                                   StatusCode::kInvalidArgument,
                                   StatusCode::kInvalidStream,
                                   StatusCode::kUnsupported,
                                   StatusCode::kLimitExceeded,
                                   StatusCode::kIo,
                                   StatusCode::kVerifyFailed,
                                   StatusCode::kCancelled};
  for (const StatusCode code : kUsual) {
    if (ExitCodeOf(Status(code, "")) == exit_code) return code;
  }
  return StatusCode::kInternal;
}

}  // namespace furl::cli
