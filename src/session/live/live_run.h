// LiveRun: a video that arrives to a sliding window of an HLS stream (docs/streaming.md), with as
// much effort as the machine can afford, for as long as it comes.

#ifndef FURL_SESSION_LIVE_LIVE_RUN_H_
#define FURL_SESSION_LIVE_LIVE_RUN_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "session/hooks.h"
#include "session/live/live_folder.h"
#include "session/live/live_input.h"
#include "session/live/speed_governor.h"
#include "session/package/stream_tracks.h"

namespace furl::session {

struct LiveRequest {
  StreamSettings stream;  // encoder.preset is the most effort
  bool adapts = true;     // else the effort stays, and pictures are dropped where it is too much
};

// Of all connections together.
struct LiveState {
  int64_t frames = 0;
  int64_t dropped = 0;
  int64_t segments = 0;
  int connections = 0;
  double seconds = 0;  // of what was coded
  double backlog = 0;  // seconds of pictures that wait
  Effort effort;
};

struct LiveHooks : Hooks {
  // After every picture; may be empty.
  std::function<void(const LiveState& state)> progress;
};

class LiveRun {
 public:
  // `request` and `folder` are borrowed. `input` is open and not started; `family` is needed for
  // furl's variants. `hooks.cancelled` ends the stream, which is no error.
  LiveRun(const LiveRequest& request, LiveFolder* folder, std::unique_ptr<LiveInput> input,
          FamilyEncoderPtr family, LiveHooks hooks);

  // Until the input ends for good, or somebody wants it to end: what there is stays, with its
  // playlists closed. After an error they are left as those of a killed process.
  Result<LiveState> Run();

 private:
  using Clock = std::chrono::steady_clock;

  Status Take(LiveInput::Event event);
  void Connect(std::shared_ptr<media::VideoReader> reader);
  Status Disconnect();
  Status TakeFrame(const ConstFramePtr& frame);
  double BeginOfConnection() const;
  // Before the first frame of the next.
  Status EndSegment();
  void Adapt();
  Status WriteMasterOnce();

  const LiveRequest& request_;
  LiveFolder* const folder_;
  const std::unique_ptr<LiveInput> input_;
  const FamilyEncoderPtr family_;
  const LiveHooks hooks_;
  const std::vector<Effort> efforts_;  // from the most
  SpeedGovernor governor_;
  std::shared_ptr<media::VideoReader> reader_;  // what tracks_ are of
  std::optional<StreamTracks> tracks_;          // of this connection
  bool master_written_ = false;
  LiveState state_;
  // Of the segment that is being coded.
  double work_seconds_ = 0;
  double begin_seconds_ = 0;
  int64_t dropped_before_ = 0;
};

// The levels of effort from `most` on down: faster presets, then smaller pictures.
std::vector<Effort> EffortsFrom(Preset most);
// What one costs, relative to others.
double CostOf(const Effort& effort);

}  // namespace furl::session

#endif  // FURL_SESSION_LIVE_LIVE_RUN_H_
