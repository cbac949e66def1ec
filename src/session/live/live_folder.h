// LiveFolder: the playlists and segments of a live stream, which outlive the process that makes
// them.

#ifndef FURL_SESSION_LIVE_LIVE_FOLDER_H_
#define FURL_SESSION_LIVE_LIVE_FOLDER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/status.h"
#include "hls/live_list.h"
#include "hls/playlist.h"

namespace furl::session {

// Milliseconds since 1970 in UTC.
int64_t WallClockMs();

class LiveFolder {
 public:
  // `folder` exists. `window_seconds` as LiveList has it. With `overwrite` what is not a live
  // stream of furl is replaced; else it is kInvalidStream.
  static Result<LiveFolder> Open(const std::string& folder, double window_seconds, bool overwrite);

  // Whether it goes on with a stream that was there.
  bool resumed() const { return resumed_; }
  // When time zero of the stream is.
  int64_t origin_ms() const { return origin_ms_; }
  // Where the newest segment of any track ends, in seconds.
  double end() const;

  // By name and ending, made where it is not there; stays where it is.
  hls::LiveList* Find(const std::string& name, const std::string& ending);
  // In all tracks what follows does not continue what was before.
  void Break();
  Status WriteMaster(const hls::MasterPlaylist& master) const;
  // All tracks have ended.
  Status Finish();

 private:
  std::string folder_;
  double window_seconds_ = 0;
  int64_t origin_ms_ = 0;
  bool resumed_ = false;
  std::map<std::string, std::unique_ptr<hls::LiveList>> lists_;  // by name
};

}  // namespace furl::session

#endif  // FURL_SESSION_LIVE_LIVE_FOLDER_H_
