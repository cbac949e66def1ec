// Cameras in a JSON file that users write:
//
//   {"cameras": [{"name": "front", "input": "rtsp://camera/stream", "mode": "events",
//                 "zones": [{"name": "window", "for": "mask", "polygon": [[0, 0], ...]}]}]}

#ifndef FURL_SESSION_RECORD_CAMERA_CONFIG_H_
#define FURL_SESSION_RECORD_CAMERA_CONFIG_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "session/record/record_settings.h"

namespace furl::session {

inline constexpr size_t kMostCameras = 32;

// Whether a camera can have that name: 1 to 64 letters, digits, "-", "_" and ".", none in front.
bool IsCameraName(const std::string& name);

// What a camera doesn't say is as in `usual`. kInvalidStream says what is wrong, and where.
Result<std::vector<CameraSettings>> ParseCameras(const nlohmann::json& value,
                                                 const CameraSettings& usual);
// Of a file; kIo or kLimitExceeded where it can't be read. Messages begin with the path.
Result<std::vector<CameraSettings>> ReadCameras(const std::string& path,
                                                const CameraSettings& usual);

// Between all cameras there are: kInvalidArgument where names are no names or not unique, or there
// are none or too many.
Status CheckCameras(const std::vector<CameraSettings>& cameras);

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_CAMERA_CONFIG_H_
