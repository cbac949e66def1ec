// RecordRun: several cameras at once, each on threads of its own.

#ifndef FURL_SESSION_RECORD_RECORD_RUN_H_
#define FURL_SESSION_RECORD_RECORD_RUN_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "session/record/camera_run.h"

namespace furl::session {

class RecordRun {
 public:
  struct Camera {
    CameraSettings settings;
    LiveInputOptions input;
  };

  // `settings`, `cameras` and `archive` are borrowed. What hooks are told begins with the camera's
  // name where there are several; they are called by the threads of all.
  RecordRun(const RecordSettings& settings, const std::vector<Camera>& cameras,
            FamilyEncoderPtr family, Archive* archive, RecordHooks hooks);

  // What killed runs left becomes files. kIo, kCancelled.
  Status Recover();
  // Until all cameras have ended, or `hooks.cancelled` says so. One that fails is told, and doesn't
  // disturb the others; an error where all did, that of the first one. `moment` is called several
  // times a second, on this thread; may be empty.
  Status Run(const std::function<void()>& moment);

  // Of a camera, by its place; can be read by any thread.
  const CameraCounters& counters(size_t camera) const { return *counters_[camera]; }
  // For Prometheus; can be called by any thread.
  std::string Metrics(std::string_view version) const;

 private:
  RecordHooks HooksOf(size_t camera) const;

  const RecordSettings& settings_;
  const std::vector<Camera>& cameras_;
  const FamilyEncoderPtr family_;
  Archive* const archive_;
  const RecordHooks hooks_;
  const int64_t start_seconds_;
  std::vector<std::unique_ptr<CameraCounters>> counters_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_RECORD_RUN_H_
