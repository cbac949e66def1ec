// What is counted of a camera, and the text that Prometheus reads of all of them.

#ifndef FURL_SESSION_RECORD_CAMERA_COUNTERS_H_
#define FURL_SESSION_RECORD_CAMERA_COUNTERS_H_

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace furl::session {

// Written by the camera's thread, read by any.
struct CameraCounters {
  using Count = std::atomic<int64_t>;
  Count frames = 0;            // coded
  Count thinned = 0;           // left out: quiet, or the machine is too slow
  Count dropped = 0;           // came faster than they were taken
  Count connections = 0;       // made
  Count segments = 0;          // files that were completed
  Count bytes = 0;             // in files
  Count lost_packets = 0;      // that could not be written
  Count write_failures = 0;    // times that a file could not be made or written on
  Count events = 0;            // that ended
  Count last_frame_ms = 0;     // when the latest picture came, by the wall's clock; 0: never
  Count connected = 0;         // 1: now
  Count busy = 0;              // 1: something happens, or did just now
  Count effort_percent = 100;  // of the pictures, that this machine has time for
};

// One of those that are told about.
struct CountedCamera {
  std::string name;
  const CameraCounters* counters = nullptr;
  int64_t removed = 0;  // files
};

struct RecordFacts {
  std::string_view version;
  int64_t start_seconds = 0;  // since 1970
  int64_t now_ms = 0;
  int64_t archive_bytes = 0;
  int64_t archive_files = 0;
  int64_t quota_bytes = 0;  // 0: none
};

// Format 0.0.4.
std::string RecordMetrics(const RecordFacts& facts, std::span<const CountedCamera> cameras);

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_CAMERA_COUNTERS_H_
