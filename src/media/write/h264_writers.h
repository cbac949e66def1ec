// Writers of files that ordinary players play: H.264 made by x264, with all
// that the furl file carried beside its video.

#ifndef FURL_MEDIA_WRITE_H264_WRITERS_H_
#define FURL_MEDIA_WRITE_H264_WRITERS_H_

#include <memory>
#include <string>

#include "media/frame_writer.h"

namespace furl::media {

// Matroska by MatroskaWriter. Odd sizes are padded and cropped by the header.
Result<std::unique_ptr<FrameWriter>> OpenMkvWriter(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options);

// MP4 by libavformat. Streams it can't hold are named by the notice; odd sizes
// are padded.
Result<std::unique_ptr<FrameWriter>> OpenMp4Writer(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options);

}  // namespace furl::media

#endif  // FURL_MEDIA_WRITE_H264_WRITERS_H_
