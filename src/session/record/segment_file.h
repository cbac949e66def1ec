// SegmentFile: one file of a recording. It is FOLDER/.../TIME.mkv when it is complete, and until
// then a part from which all but the latest seconds can be got back (session/record/recovery.h).

#ifndef FURL_SESSION_RECORD_SEGMENT_FILE_H_
#define FURL_SESSION_RECORD_SEGMENT_FILE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/status.h"
#include "media/matroska/matroska_writer.h"
#include "media/media_info.h"
#include "session/record/camera_place.h"

namespace furl::session {

// What the files of one connection have in common.
struct SegmentFormat {
  // Of the video, whose time base is kWallTick, and of streams that go along.
  media::MediaInfo info;
  std::span<const uint8_t> sequence_header;
  media::NoticeFn notice;
  // Whether there is room now on a disk that was full; may be empty.
  std::function<bool()> make_room;
};

class SegmentFile {
 public:
  // `begin`: the time of its first picture, in wall ticks. kIo.
  static Result<std::unique_ptr<SegmentFile>> Create(const CameraPlace& place, int64_t begin,
                                                     const SegmentFormat& format);

  // Video in coding order from a key frame on, times in wall ticks; of other streams in ticks of
  // theirs, from the same zero. kIo; nothing but Path makes sense then.
  Status Write(const media::MediaPacket& packet);
  // Gives it its name. kIo: what there is stays as a part.
  Status Finish();

  const std::string& path() const { return path_; }
  int64_t begin() const { return begin_; }
  int64_t bytes() const { return writer_->bytes_written(); }

 private:
  SegmentFile(std::string path, int64_t begin, const media::MediaInfo& info);

  const std::string path_;
  const int64_t begin_;
  std::vector<int64_t> stream_begins_;  // the same in ticks of info.streams
  media::OutputFile* file_ = nullptr;   // the writer's
  std::unique_ptr<media::MatroskaWriter> writer_;
};

// Whether that is why an output could not be written: no room on the disk, or for this user.
bool IsDiskFull(const Status& status);

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_SEGMENT_FILE_H_
