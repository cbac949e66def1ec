// TrimmedVideo: a part of a video, chosen by time or by the number of frames.

#ifndef FURL_SESSION_TRIMMED_VIDEO_H_
#define FURL_SESSION_TRIMMED_VIDEO_H_

#include <deque>
#include <memory>

#include "media/read/packet_gate.h"
#include "media/read/trim.h"
#include "media/video_reader.h"

namespace furl::session {

struct TrimOptions {
  double start = 0;     // seconds
  double duration = 0;  // seconds; 0: to the end
  int64_t frames = 0;   // 0: all

  bool trims() const { return start > 0 || duration > 0 || frames > 0; }
};

class TrimmedVideo : public media::VideoReader {
 public:
  // Reads `source`, which is borrowed, to the first frame wanted. With a start, times count from
  // it; else they are the source's. kInvalidArgument if there is none.
  static Result<std::unique_ptr<TrimmedVideo>> Open(media::VideoReader* source,
                                                    const TrimOptions& options);

  const media::MediaInfo& info() const override { return info_; }
  Result<media::MediaItem> Next() override;

 private:
  TrimmedVideo(media::VideoReader* source, const TrimOptions& options);
  Status Pump();
  Status TakeFrame(const media::MediaItem& item);
  void Begin(int64_t first_pts);
  void End(bool cut);

  media::VideoReader* source_;
  TrimOptions options_;
  media::MediaInfo info_;
  media::Trim trim_;
  media::PacketGate gate_;
  int64_t frames_ = 0;  // that were let through
  int64_t end_ = 0;     // of the last of them
  bool ended_ = false;
  std::deque<media::MediaItem> ready_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_TRIMMED_VIDEO_H_
