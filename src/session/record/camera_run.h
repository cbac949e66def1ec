// CameraRun: what one camera sends, to its files, for as long as it is wanted.

#ifndef FURL_SESSION_RECORD_CAMERA_RUN_H_
#define FURL_SESSION_RECORD_CAMERA_RUN_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/common/family.h"
#include "session/hooks.h"
#include "session/live/live_input.h"
#include "session/record/archive.h"
#include "session/record/camera_counters.h"
#include "session/record/event_log.h"
#include "session/record/event_watch.h"
#include "session/record/packet_recorder.h"
#include "session/record/picture_coder.h"
#include "session/record/record_settings.h"
#include "session/record/thinning.h"
#include "session/record/wall_times.h"
#include "watch/motion_meter.h"
#include "watch/privacy_mask.h"

namespace furl::session {

// Called on the thread of the camera that they are of.
struct RecordHooks : Hooks {
  std::function<void(const RecordedEvent& event)> event;  // one has been written; may be empty
};

// What all cameras share.
struct RecordShared {
  const RecordSettings* settings = nullptr;
  FamilyEncoderPtr family;
  Archive* archive = nullptr;
  int cameras = 1;
};

class CameraRun {
 public:
  // `camera`, `counters` and what `shared` points to are borrowed. `input` is not started.
  CameraRun(const CameraSettings& camera, RecordShared shared, std::unique_ptr<LiveInput> input,
            CameraCounters* counters, RecordHooks hooks);

  // Until the input ends for good, or `hooks.cancelled` wants it to, which is no error. What is
  // there then is complete.
  Status Run();

 private:
  using Clock = std::chrono::steady_clock;

  Status Take(LiveInput::Event event);
  void Connect(std::shared_ptr<media::VideoReader> reader);
  Status Disconnect();
  // `came_ms`: when, by this machine's clock.
  Status TakeFrame(const ConstFramePtr& frame, int64_t came_ms);
  Status OpenCoder(const Frame& first, int64_t came_ms);
  void TakePacket(std::unique_ptr<media::MediaPacket> packet);
  void Record(media::MediaPacket packet);
  // Whether a segment begins with a picture of that time.
  bool BeginsSegment(int64_t time);
  // Looks at a picture with its own time.
  Result<PictureUse> Look(const ConstFramePtr& frame);
  void EndEvent();
  Status Code(const ConstFramePtr& frame, const PictureUse& use);
  PictureCoder::TakeFn Sink();
  PacketRecorder::Options RecorderOptions() const;

  const CameraSettings& camera_;
  const RecordShared shared_;
  const std::unique_ptr<LiveInput> input_;
  CameraCounters* const counters_;
  const RecordHooks hooks_;
  const int64_t segment_;  // wall ticks
  watch::PrivacyMask mask_;
  watch::MotionMeter meter_;
  WallTimes times_;
  EventLog events_;
  Thinning thinning_;
  // Of the connection:
  std::shared_ptr<media::VideoReader> reader_;
  media::MediaInfo info_;
  std::unique_ptr<PictureCoder> coder_;
  std::unique_ptr<PacketRecorder> recorder_;
  std::optional<EventWatch> watch_;
  std::optional<int64_t> cell_;            // segment of the latest picture
  std::vector<media::MediaPacket> early_;  // that came before the first picture
};

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_CAMERA_RUN_H_
