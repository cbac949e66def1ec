// Where the files of a camera are: FOLDER/CAMERA/2026-11-30/12-00-00.mkv, in UTC.

#ifndef FURL_SESSION_RECORD_CAMERA_PLACE_H_
#define FURL_SESSION_RECORD_CAMERA_PLACE_H_

#include <string>

namespace furl::session {

inline constexpr char kPartEnding[] = ".furl-part";  // media/output_place.h
inline constexpr char kLeftEnding[] = ".furl-left";  // a part of a run that was killed

// Patterns are media::TimedNames.
struct CameraPlace {
  std::string folder;  // of the camera

  std::string Videos() const { return folder + "/%D/%T.mkv"; }
  std::string Thumbnails() const { return folder + "/%D/%T.jpg"; }
  std::string Events() const { return folder + "/%D/events.ndjson"; }
  std::string LeftVideos() const { return Videos() + kLeftEnding; }
};

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_CAMERA_PLACE_H_
