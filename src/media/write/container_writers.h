// Writers of files that ordinary programs take, with all that the furl file carried beside its
// video and they have a place for.

#ifndef FURL_MEDIA_WRITE_CONTAINER_WRITERS_H_
#define FURL_MEDIA_WRITE_CONTAINER_WRITERS_H_

#include <memory>
#include <span>
#include <string>

#include "media/frame_writer.h"
#include "media/write/video_codecs.h"

namespace furl::media {

// Matroska by MatroskaWriter: H.264 or FFV1. Odd sizes are padded and cropped by the header.
Result<std::unique_ptr<FrameWriter>> OpenMkvWriter(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options);

// MP4 (H.264, H.265) and QuickTime (ProRes, too) by libavformat. Streams they can't hold are named
// by the notice; odd sizes are padded.
Result<std::unique_ptr<FrameWriter>> OpenMp4Writer(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options);
Result<std::unique_ptr<FrameWriter>> OpenMovWriter(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options);

// For pipes: YUV4MPEG2 or, where a codec is asked for, NUT with sound.
Result<std::unique_ptr<FrameWriter>> OpenStreamWriter(const std::string& path,
                                                      const MediaInfo& info,
                                                      const WriterOptions& options);

// PNG or JPEG, a file for every frame: "shot%04d.png" counts from 1.
Result<std::unique_ptr<FrameWriter>> OpenPictureWriter(const std::string& path,
                                                       const MediaInfo& info,
                                                       const WriterOptions& options);

// The one of `allowed` that `wanted` names, the first if that is empty. kInvalidArgument with those
// there are.
Result<const VideoCodec*> ChooseCodec(std::span<const char* const> allowed,
                                      const std::string& wanted);

}  // namespace furl::media

#endif  // FURL_MEDIA_WRITE_CONTAINER_WRITERS_H_
