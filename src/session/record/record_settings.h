// What furl record is asked to do.

#ifndef FURL_SESSION_RECORD_RECORD_SETTINGS_H_
#define FURL_SESSION_RECORD_RECORD_SETTINGS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "codec/enc/encoder_settings.h"
#include "session/record/archive.h"
#include "watch/zones.h"

namespace furl::session {

enum class RecordMode : uint8_t {
  kAlways,
  kEvents,  // events alone, with what was before and comes after
};

// All seconds are of the video's time.
struct CameraSettings {
  std::string name;    // of its folder: letters, digits, "-", "_" and "."; unique
  std::string input;   // as media::OpenVideo takes it
  std::string format;  // of the input; empty: what it looks like
  watch::Zones zones;
  RecordMode mode = RecordMode::kAlways;
  double sensitivity = 50;    // watch::MotionMeter
  double least_motion = 0.2;  // seconds; what moves for less is no event
  double pre_seconds = 5;
  double post_seconds = 10;
  double crf = 40;
  double quiet_crf = 50;      // at least `crf`
  double quiet_fps = 0;       // most pictures per second where nothing moves; 0: all
  double quiet_seconds = 10;  // between key frames where nothing moves; 2 elsewhere
};

struct RecordSettings {
  std::string folder;
  double segment_seconds = 600;  // segments begin at whole multiples of it since 1970
  ArchiveLimits limits;
  EncoderSettings encoder;  // preset, threads (of all cameras together) and delay count
  // When the first picture was taken, in milliseconds since 1970; 0: now, and all others when they
  // come.
  int64_t begin_ms = 0;
};

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_RECORD_SETTINGS_H_
