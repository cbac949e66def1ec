#include "media/coded/coded_sources.h"

namespace furl::media {

DemuxOptions CodedDemuxOptions(AVIOContext* io, const std::string& format,
                               const CodedReaderOptions& options) {
  DemuxOptions demux;
  demux.io = io;
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
