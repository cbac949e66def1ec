// Rotation and HDR descriptions in libav's side data, both ways.

#ifndef FURL_MEDIA_LIBAV_SIDE_DATA_H_
#define FURL_MEDIA_LIBAV_SIDE_DATA_H_

#include <vector>

#include "base/status.h"
#include "media/libav/libav_util.h"
#include "media/media_info.h"

namespace furl::media {

// Fills rotation, mastering and light where the stream carries them.
void ReadStreamSideData(const AVStream& stream, VideoInfo* video);

// The same from a decoded picture (H.265 and AV1 keep HDR there); values
// already known are left alone.
void ReadFrameSideData(const AVFrame& frame, VideoInfo* video);

// Names of what a picture carries and no furl file can hold.
std::vector<const char*> LostSideData(const AVFrame& frame);

// Attaches rotation, mastering and light to a stream about to be written.
Status WriteStreamSideData(const VideoInfo& video, AVStream* stream);

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_SIDE_DATA_H_
