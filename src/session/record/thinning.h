// Thinning: which of a camera's pictures this machine has time for.

#ifndef FURL_SESSION_RECORD_THINNING_H_
#define FURL_SESSION_RECORD_THINNING_H_

#include <cstdint>
#include <optional>
#include <string>

#include "session/live/speed_governor.h"

namespace furl::session {

class Thinning {
 public:
  Thinning();

  // Whether the next picture is coded: as many as the level says, evenly.
  bool Takes();
  // Coding it, or passing over it, took so long; it is at `seconds` of the video, where pictures
  // wait for so long and so many were dropped so far. Every few seconds that decides the level; a
  // change is told as a sentence.
  std::optional<std::string> Update(double seconds, double work_seconds, double backlog_seconds,
                                    int64_t dropped);
  // The part of the pictures that is taken.
  double part() const;

 private:
  SpeedGovernor governor_;
  double due_ = 0;               // pictures that may be taken
  std::optional<double> begin_;  // of the time that is looked at
  double work_ = 0;              // in it
  double backlog_ = 0;           // the least in it
  int64_t dropped_ = 0;          // before it
};

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_THINNING_H_
