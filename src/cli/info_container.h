// What furl info shows of a file beside its video.

#ifndef FURL_CLI_INFO_CONTAINER_H_
#define FURL_CLI_INFO_CONTAINER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "bitstream/sequence_header.h"
#include "cli/console.h"
#include "media/media_info.h"

namespace furl::cli {

// Name, size, kind and tags of the file `path`.
void ShowContainer(const std::string& path, const media::MediaInfo& info, Console& console);

// Sound and subtitles, of which there were `bytes` each, chapters and attachments.
// What the video adds to; the header names it. `bytes`: of its packets.
void ShowBase(const SequenceHeader& header, const media::BaseInfo& base, int64_t bytes,
              Console& console);
void ShowStreams(const media::MediaInfo& info, const std::vector<int64_t>& bytes, Console& console);

}  // namespace furl::cli

#endif  // FURL_CLI_INFO_CONTAINER_H_
