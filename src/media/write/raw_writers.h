// Writers of plain samples: YUV4MPEG2, headerless planes, and none at all.

#ifndef FURL_MEDIA_WRITE_RAW_WRITERS_H_
#define FURL_MEDIA_WRITE_RAW_WRITERS_H_

#include <memory>
#include <string>
#include <vector>

#include "media/frame_writer.h"

namespace furl::media {

// YUV4MPEG2: one header line, then each picture behind a FRAME line. The
// format has one constant frame rate; a notice says so for other input.
Result<std::unique_ptr<FrameWriter>> OpenY4mWriter(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options);

// Planes Y, U, V of each picture; one byte per sample at 8 bit, else two,
// little-endian.
Result<std::unique_ptr<FrameWriter>> OpenYuvWriter(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options);

// Swallows pictures; for timing.
Result<std::unique_ptr<FrameWriter>> OpenNullWriter(const std::string& path, const MediaInfo& info,
                                                    const WriterOptions& options);

// The samples of `frame` as OpenYuvWriter writes them, appended to `out`.
void AppendSamples(const Frame& frame, std::vector<uint8_t>* out);

// The header line of a YUV4MPEG2 stream, with its line feed.
std::string Y4mHeader(const VideoInfo& video);

}  // namespace furl::media

#endif  // FURL_MEDIA_WRITE_RAW_WRITERS_H_
