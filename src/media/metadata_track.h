// Tracks of WebVTT metadata: texts for programs, with times, that travel with a video.

#ifndef FURL_MEDIA_METADATA_TRACK_H_
#define FURL_MEDIA_METADATA_TRACK_H_

#include <string>

#include "base/status.h"
#include "media/media_info.h"

namespace furl::media {

// Such a stream, whose packets are texts of cues, with times in milliseconds. kOutOfMemory.
Result<StreamInfo> MetadataTrack(const std::string& title);

// Whether it is one, of that title.
bool IsMetadataTrack(const StreamInfo& stream, const std::string& title);

}  // namespace furl::media

#endif  // FURL_MEDIA_METADATA_TRACK_H_
