// The containers of coded video that OpenCoded chooses from.

#ifndef FURL_MEDIA_CODED_CODED_SOURCES_H_
#define FURL_MEDIA_CODED_CODED_SOURCES_H_

#include <memory>
#include <string>

#include "media/byte_input.h"
#include "media/coded_io.h"
#include "media/libav/av_input.h"
#include "media/libav/libav_demuxer.h"

namespace furl::media {

// `path` is for messages.
Result<std::unique_ptr<CodedReader>> OpenBareSource(const std::string& path, ByteInputPtr bytes,
                                                    const CodedReaderOptions& options);
// kUnsupported if it is Matroska, but not furl's.
Result<std::unique_ptr<CodedReader>> OpenMatroskaSource(const std::string& path, ByteInputPtr bytes,
                                                        const CodedReaderOptions& options);

// What the packets of a base carry in a container of that libavformat name. kUnsupported if they
// carry nothing of furl's.
Result<std::unique_ptr<CodedReader>> OpenCarriedSource(const std::string& path, ByteInputPtr bytes,
                                                       const std::string& format,
                                                       const CodedReaderOptions& options);

// How containers that libavformat demultiplexes are opened: they name nothing else that is.
// `input` is borrowed.
DemuxOptions CodedDemuxOptions(AvInput* input, const std::string& format,
                               const CodedReaderOptions& options);

// kUnsupported: the video of a container is of another codec.
Status NotFurlVideo(const std::string& path, const std::string& codec);

// Whether `data` begins with a sequence header.
bool HasFurlMagic(std::span<const uint8_t> data);

}  // namespace furl::media

#endif  // FURL_MEDIA_CODED_CODED_SOURCES_H_
