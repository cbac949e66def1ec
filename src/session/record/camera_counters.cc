#include "session/record/camera_counters.h"

#include "serve/prometheus_text.h"

namespace furl::session {
namespace {

struct Row {
  const char* name;
  const char* type;
  const char* help;
  CameraCounters::Count CameraCounters::*count;
};

constexpr Row kRows[] = {
    {"frames_total", "counter", "Pictures that were coded.", &CameraCounters::frames},
    {"thinned_frames_total", "counter",
     "Pictures that were left out: quiet ones, or the machine is too slow.",
     &CameraCounters::thinned},
    {"dropped_frames_total", "counter", "Pictures that came faster than they were taken.",
     &CameraCounters::dropped},
    {"connections_total", "counter", "Connections to the camera that were made.",
     &CameraCounters::connections},
    {"segments_total", "counter", "Files that were completed.", &CameraCounters::segments},
    {"written_bytes_total", "counter", "Bytes of these files.", &CameraCounters::bytes},
    {"lost_packets_total", "counter", "Packets that could not be written.",
     &CameraCounters::lost_packets},
    {"write_failures_total", "counter", "Times that a file could not be made or written on.",
     &CameraCounters::write_failures},
    {"events_total", "counter", "Events that have ended.", &CameraCounters::events},
    {"connected", "gauge", "Whether the camera is there.", &CameraCounters::connected},
    {"busy", "gauge", "Whether something happens, or did just now.", &CameraCounters::busy},
    {"effort_percent", "gauge", "Of the pictures, that this machine has time for.",
     &CameraCounters::effort_percent},
};

// In seconds with three decimals.
std::string Seconds(int64_t ms) {
  const std::string text = std::to_string(1000 + ms % 1000);
  return std::to_string(ms / 1000) + "." + text.substr(1);
}

void TellAges(int64_t now_ms, std::span<const CountedCamera> cameras, serve::PrometheusText* text) {
  text->Begin("last_frame_age_seconds", "gauge",
              "Since the latest picture came; cameras that never sent one have none.");
  for (const CountedCamera& camera : cameras) {
    const int64_t last = camera.counters->last_frame_ms;
    if (last == 0) continue;
    text->Value(Seconds(last < now_ms ? now_ms - last : 0),
                "camera=" + serve::QuotedLabel(camera.name));
  }
}

}  // namespace

std::string RecordMetrics(const RecordFacts& facts, std::span<const CountedCamera> cameras) {
  serve::PrometheusText text("furl_record_");
  text.Begin("build_info", "gauge", "The version of furl that records.");
  text.Value(1, "version=" + serve::QuotedLabel(facts.version));
  text.One("start_time_seconds", "gauge", "When it began, in seconds since 1970.",
           facts.start_seconds);
  text.One("archive_bytes", "gauge", "Of all files in the folder, those that grow among them.",
           facts.archive_bytes);
  text.One("archive_files", "gauge", "Files in the folder.", facts.archive_files);
  text.One("quota_bytes", "gauge", "That the files may have; 0: as many as there is room for.",
           facts.quota_bytes);
  for (const Row& row : kRows) {
    text.Begin(row.name, row.type, row.help);
    for (const CountedCamera& camera : cameras) {
      text.Value((camera.counters->*row.count).load(), "camera=" + serve::QuotedLabel(camera.name));
    }
  }
  text.Begin("removed_files_total", "counter", "Old files that were removed to make room.");
  for (const CountedCamera& camera : cameras) {
    text.Value(camera.removed, "camera=" + serve::QuotedLabel(camera.name));
  }
  TellAges(facts.now_ms, cameras, &text);
  return text.Take();
}

}  // namespace furl::session
