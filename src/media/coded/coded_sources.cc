#include "media/coded/coded_sources.h"

namespace furl::media {

DemuxOptions CodedDemuxOptions(AvInput* input, const std::string& format,
                               const CodedReaderOptions& options) {
  DemuxOptions demux;
  demux.input = input;
  demux.format = format;
  demux.alone = true;
  demux.other_streams = options.other_streams;
  demux.notice = options.notice;
  demux.cancelled = options.cancelled;
  return demux;
}

Status NotFurlVideo(const std::string& path, const std::string& codec) {
  return Unsupported(path + " holds " + codec +
                     " video, not furl's; `furl encode` makes furl files");
}

}  // namespace furl::media
