#include "session/original_video.h"

#include "media/coded_io.h"
#include "media/input_path.h"
#include "session/decoded_video.h"

namespace furl::session {
namespace {

// What can't be opened, is no file or is none of furl's shows when the video is read.
bool IsHybrid(const std::string& path, const media::ReaderOptions& options) {
  if (!options.format.empty() || !media::IsRegularFile(path)) return false;  // read once
  media::CodedReaderOptions coded;
  coded.other_streams = false;
  coded.cancelled = options.cancelled;
  const auto reader = media::OpenCoded(path, coded);
  return reader.ok() && (*reader)->header().base && (*reader)->info().base;
}

}  // namespace

Result<std::unique_ptr<media::VideoReader>> OpenOriginal(const std::string& path,
                                                         const media::ReaderOptions& options) {
  if (!IsHybrid(path, options)) return media::OpenVideo(path, options);
  media::ReaderOptions with_pictures = options;
  with_pictures.pictures = [path,
                            options](double start) -> Result<std::unique_ptr<media::VideoReader>> {
    DecodedOptions decoded;
    decoded.threads = options.threads;
    decoded.other_streams = false;
    decoded.start = start;
    decoded.hooks.notice = options.notice;
    decoded.hooks.cancelled = options.cancelled;
    FURL_ASSIGN_OR_RETURN(auto video, DecodedVideo::Open(path, decoded));
    return std::unique_ptr<media::VideoReader>(std::move(video));
  };
  return media::OpenVideo(path, with_pictures);
}

}  // namespace furl::session
