// VideoReader: a file or pipe as furl frames plus the packets that go along.

#ifndef FURL_MEDIA_VIDEO_READER_H_
#define FURL_MEDIA_VIDEO_READER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/filter/filter_options.h"
#include "media/media_info.h"
#include "media/stream_choice.h"

namespace furl::media {

class VideoReader;

struct ReaderOptions {
  // Raw video needs format "rawvideo" and the options video_size, pixel_format
  // and framerate; everything else is probed.
  std::string format;
  Tags format_options;
  // Of standard input: bytes that have been read from it (ReadInputStart).
  std::vector<uint8_t> input_start;
  double start = 0;           // seconds from the beginning
  double duration = 0;        // seconds; 0: to the end
  int64_t frames = 0;         // after --fps; 0: all
  FilterOptions filter;       // its turn is the reader's
  bool turn_upright = false;  // rather than hand the file's rotation on
  bool other_streams = true;  // else neither of the next two
  StreamChoice sound;
  StreamChoice subtitles;
  // The video's own packets come, too, as a base (docs/hybrid.md): of stream kBaseStream, described
  // by info().base, with times of the frames that are decoded from them and before these. Goes
  // without a start and filters. kUnsupported where the video can't be a base.
  bool video_packets = false;
  int threads = 0;  // of the source's decoder; 0: one per CPU
  // Opens what shows the video's pictures where those that libavcodec makes of it are not they: of
  // hybrid files, whose video here is but the base (docs/hybrid.md). They have the same times;
  // those that end before `start` seconds may be missing. May be empty.
  std::function<Result<std::unique_ptr<VideoReader>>(double start)> pictures;
  NoticeFn notice;
  CancelFn cancelled;
};

class VideoReader {
 public:
  virtual ~VideoReader() = default;

  // Complete as soon as the reader is open. video.frame_count is what Next will
  // deliver, exact where constant_frame_rate is, -1 if unknown.
  virtual const MediaInfo& info() const = 0;

  // Frames in display order with strictly increasing pts in
  // info().video.time_base, each with its exact duration, and packets of the
  // copied streams close to them in time. kEndOfStream when both are through.
  virtual Result<MediaItem> Next() = 0;

  // Before the first Next: lets it begin at the frame of time `pts`, or one before it, all with the
  // times that they would have had. Decoders that are entered there may show something else at
  // first. False: the reader can't, and begins where it did. Other streams must not be wanted.
  virtual Result<bool> JumpTo(int64_t pts) {
    static_cast<void>(pts);
    return false;
  }
};

// Opens `path` ("-": standard input). With a start, times count from the first
// frame delivered; else they are the source's.
Result<std::unique_ptr<VideoReader>> OpenVideo(const std::string& path,
                                               const ReaderOptions& options);

}  // namespace furl::media

#endif  // FURL_MEDIA_VIDEO_READER_H_
