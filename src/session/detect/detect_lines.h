// What furl detect tells, as JSON and as WebVTT.

#ifndef FURL_SESSION_DETECT_DETECT_LINES_H_
#define FURL_SESSION_DETECT_DETECT_LINES_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "session/detect/detect_run.h"

namespace furl::session {

// {"time", "key", "objects": [{"id", "group", "score", "box": [x, y, width, height]}]}.
nlohmann::ordered_json JsonOf(const FrameObjects& frame);
// {"event", "begin", "end", ...} and what of the rest there is.
nlohmann::ordered_json JsonOf(const analysis::SceneEvent& event);

// One line for people: "0:12.4 to 0:15.0  a person in 'drive'".
std::string Sentence(const analysis::SceneEvent& event);

// Events as cues, by time; the text is the event's JSON. Those that happen at once last a second.
struct Cue {
  int64_t begin = 0;  // milliseconds
  int64_t end = 0;
  std::string text;
};
std::vector<Cue> CuesOf(const std::vector<analysis::SceneEvent>& events);

// A file of these (W3C, "WebVTT: The Web Video Text Tracks Format").
std::string WebVttOf(const std::vector<analysis::SceneEvent>& events);

}  // namespace furl::session

#endif  // FURL_SESSION_DETECT_DETECT_LINES_H_
