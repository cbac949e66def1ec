#include "session/record/camera_counters.h"

#include <gtest/gtest.h>

namespace furl::session {
namespace {

TEST(RecordMetrics, HasARowForEachCamera) {
  CameraCounters front;
  front.frames = 7;
  front.last_frame_ms = 1'000'000;
  CameraCounters yard;
  yard.connected = 1;
  const std::string text =
      RecordMetrics({"0.1", 900, 1'002'050, 12345, 3, 99999},
                    std::vector<CountedCamera>{{"front", &front, 2}, {"ya\"rd", &yard, 0}});
  for (const char* line :
       {"furl_record_build_info{version=\"0.1\"} 1\n", "furl_record_archive_bytes 12345\n",
        "furl_record_frames_total{camera=\"front\"} 7\n",
        "furl_record_frames_total{camera=\"ya\\\"rd\"} 0\n",
        "furl_record_connected{camera=\"ya\\\"rd\"} 1\n",
        "furl_record_removed_files_total{camera=\"front\"} 2\n",
        "furl_record_last_frame_age_seconds{camera=\"front\"} 2.050\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
  EXPECT_EQ(text.find("age_seconds{camera=\"ya"), std::string::npos) << "none came yet";
}

}  // namespace
}  // namespace furl::session
