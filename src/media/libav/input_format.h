// What an input is read by, where the user says so.

#ifndef FURL_MEDIA_LIBAV_INPUT_FORMAT_H_
#define FURL_MEDIA_LIBAV_INPUT_FORMAT_H_

#include <string>

#include "base/status.h"
#include "media/libav/libav_util.h"

namespace furl::media {

// By libavformat's name: containers, and devices where libavdevice is built in. kInvalidArgument.
Result<const AVInputFormat*> FindInputFormat(const std::string& name);

// Whether its inputs are no files: cameras, screens, and sources of test pictures. False of null,
// and of names that aren't known.
bool IsDevice(const AVInputFormat* format);
bool IsDeviceFormat(const std::string& name);

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_INPUT_FORMAT_H_
