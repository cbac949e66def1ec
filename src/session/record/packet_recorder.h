// PacketRecorder: the packets of one connection to a camera to files, all of them or those of
// events alone.
//
// Files begin with key frames: at the first one of each segment of the wall's clock, and where an
// event's time before it does. Until an event comes, what may be part of that time is kept in
// memory as it was coded.

#ifndef FURL_SESSION_RECORD_PACKET_RECORDER_H_
#define FURL_SESSION_RECORD_PACKET_RECORDER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "media/media_info.h"
#include "session/record/archive.h"
#include "session/record/camera_counters.h"
#include "session/record/camera_place.h"
#include "session/record/record_settings.h"
#include "session/record/segment_file.h"

namespace furl::session {

// Where a time is in the recording.
struct RecordedPlace {
  std::string path;    // as the file is called once it is complete
  double seconds = 0;  // from its beginning
};

class PacketRecorder {
 public:
  struct Options {
    std::string camera;
    CameraPlace place;
    RecordMode mode = RecordMode::kAlways;
    int64_t segment = 0;     // wall ticks, as all times here
    int64_t pre = 0;         // before an event
    int64_t most_bytes = 0;  // of a file; 0: any
  };

  // `format.make_room` is not used; `archive` and `counters` are borrowed. `notice` is told of
  // files that can't be written: nothing else comes of that.
  PacketRecorder(Options options, SegmentFormat format, Archive* archive, CameraCounters* counters,
                 media::NoticeFn notice);

  // Of the video in coding order, the first one a key, times in wall ticks; of other streams in
  // ticks of theirs, from the same zero, in between.
  void Take(media::MediaPacket packet);

  // Where only events are recorded: one begins, and what there is of the time before it is written.
  void BeginEvent(int64_t time);
  // Nothing from the key frame at that time on is wanted.
  void EndAt(int64_t time) { end_ = time; }
  // Completes the file. There may be more packets, from a key frame on.
  void Finish();

  // Of the latest picture that was taken.
  int64_t front() const { return front_; }
  // None where that time was not recorded, or is long ago.
  std::optional<RecordedPlace> Find(int64_t time) const;

 private:
  // A key frame and what follows it.
  struct Gop {
    int64_t begin = 0;
    int64_t bytes = 0;
    std::vector<media::MediaPacket> packets;
  };
  struct Past {
    int64_t begin;
    std::string path;
  };

  double SecondsOf(const media::MediaPacket& packet) const;
  // Gives what goes along and is before `time` to where video goes.
  void GiveOthers(int64_t time);
  void TakeKey(const media::MediaPacket& packet);
  void Give(media::MediaPacket packet);
  void Keep(media::MediaPacket packet);
  void Write(const media::MediaPacket& packet);
  bool IsNewSegment(int64_t time) const;
  void OpenFile(int64_t begin);
  void CloseFile();
  void Fail(const Status& status);

  const Options options_;
  SegmentFormat format_;
  Archive* const archive_;
  CameraCounters* const counters_;
  const media::NoticeFn notice_;
  bool writing_ = false;  // else packets are kept in memory
  std::optional<int64_t> end_;
  std::deque<media::MediaPacket> others_;  // that wait for the video
  std::deque<Gop> gops_;                   // in memory
  int64_t kept_bytes_ = 0;
  std::unique_ptr<SegmentFile> file_;
  int64_t cell_ = 0;   // of the file's segment
  int64_t retry_ = 0;  // where writing has failed: not before
  bool failed_ = false;
  int64_t front_ = 0;
  int64_t front_end_ = 0;  // where that picture ends
  std::deque<Past> past_;  // files, the last one perhaps open
};

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_PACKET_RECORDER_H_
