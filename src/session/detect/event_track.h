// Events inside of the file that they were found in, as a track of WebVTT metadata.

#ifndef FURL_SESSION_DETECT_EVENT_TRACK_H_
#define FURL_SESSION_DETECT_EVENT_TRACK_H_

#include <string>
#include <vector>

#include "analysis/detect/scene_watch.h"
#include "base/status.h"
#include "session/hooks.h"

namespace furl::session {

// The title of the track.
inline constexpr char kEventTrack[] = "furl detect";

// Copies a furl file to another one, packet by packet, and adds the events, which replace those of
// an earlier copy. kUnsupported: the input is not furl's, or no output of that kind holds them.
Status CopyWithEvents(const std::string& input, const std::string& output, bool overwrite,
                      const std::vector<analysis::SceneEvent>& events, const Hooks& hooks);

}  // namespace furl::session

#endif  // FURL_SESSION_DETECT_EVENT_TRACK_H_
