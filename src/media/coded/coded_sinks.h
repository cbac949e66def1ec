// The containers of coded video that OpenCodedWriter chooses from.

#ifndef FURL_MEDIA_CODED_CODED_SINKS_H_
#define FURL_MEDIA_CODED_CODED_SINKS_H_

#include <memory>
#include <span>
#include <string>

#include "media/coded_io.h"
#include "media/output_file.h"

namespace furl::media {

// Where a writer's bytes go.
Result<std::unique_ptr<OutputFile>> OpenCodedOutput(const std::string& path,
                                                    const WriterOptions& options);

// Hybrid video in mp4: one track, that of info.base, whose packets carry furl's (docs/hybrid.md).
// kUnsupported for a base of AV1.
Result<std::unique_ptr<CodedWriter>> OpenCarriedMp4(const std::string& path, const MediaInfo& info,
                                                    std::span<const uint8_t> sequence_header,
                                                    const WriterOptions& options);

}  // namespace furl::media

#endif  // FURL_MEDIA_CODED_CODED_SINKS_H_
