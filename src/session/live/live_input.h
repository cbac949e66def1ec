// LiveInput: a video that arrives while it is used. It is read and decoded on a thread of its own;
// when it breaks off, it is opened again.

#ifndef FURL_SESSION_LIVE_LIVE_INPUT_H_
#define FURL_SESSION_LIVE_LIVE_INPUT_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/status.h"
#include "media/video_reader.h"

namespace furl::session {

// How fast pictures are taken from the input.
enum class LivePace {
  kAsTheyCome,  // cameras and addresses have a clock of their own
  kOwnSpeed,    // files: each when it is due
  kLenient,     // pipes: no more than half a second before it is due
  kAsTaken,     // as fast as somebody takes them: none is dropped
};

struct LiveInputOptions {
  std::string path;
  media::ReaderOptions reader;  // `cancelled` is not used
  LivePace pace = LivePace::kAsTheyCome;
  bool reconnects = false;    // else the end of the input, or an error, is the end
  double stall_seconds = 10;  // without a picture: the connection is taken for lost
  double wait_seconds = 1.5;  // a picture that has waited for longer is dropped
};

// Pauses between tries to connect: from half a second, doubling to ten.
class Backoff {
 public:
  double Next();

 private:
  static constexpr double kFirst = 0.5;
  double seconds_ = kFirst;
};

class LiveInput {
 public:
  struct Event {
    enum class Kind {
      kOpened,  // what follows is of `reader`
      kItem,
      kLost,   // because of `status`; kOpened follows, or kEnded
      kEnded,  // the last event; `status` is OK at the end of a file
    };
    Kind kind = Kind::kItem;
    std::shared_ptr<media::VideoReader> reader;  // for its info; not to be read from
    media::MediaItem item;
    Status status;
    double waited = 0;  // seconds since its picture came, where it has one
  };
  using OpenFn = std::function<Result<std::unique_ptr<media::VideoReader>>(
      const std::string& path, const media::ReaderOptions& options)>;

  explicit LiveInput(LiveInputOptions options, OpenFn open = media::OpenVideo);
  ~LiveInput();
  LiveInput(const LiveInput&) = delete;
  LiveInput& operator=(const LiveInput&) = delete;

  // Opens the input for the first time, on this thread: what is wrong with it is told at once.
  Status Open();
  const media::MediaInfo& first_info() const { return first_->info(); }
  // Starts reading. Without Open the input is opened there: what is wrong with it is an event, and
  // one that reconnects is tried again.
  void Start();

  // The next event; none in `seconds`. Passes over pictures that have waited for too long where a
  // later one is there.
  std::optional<Event> Next(double seconds);
  // How long the oldest picture that waits has done so, in seconds.
  double backlog() const;
  // Pictures that were passed over so far, or found no room.
  int64_t dropped() const;

 private:
  using Clock = std::chrono::steady_clock;

  Result<std::unique_ptr<media::VideoReader>> OpenOnce();
  void Run();
  // Null where it can't be opened, or is to stop; the event is put then.
  std::shared_ptr<media::VideoReader> OpenFirst();
  Status ReadAll(media::VideoReader* reader);
  // Opens anew until that succeeds; null when it is to stop.
  std::shared_ptr<media::VideoReader> Reopen();
  void Put(Event event);
  void PutItem(media::MediaItem item, double tick);
  void WaitUntilDue(double seconds);
  // Waits for somebody to take pictures, where none may be dropped.
  void WaitForRoom();
  bool IsTooOld() const;  // with mutex_ held: the first of the waiting pictures
  bool Pause(double seconds);
  bool Stalled() const;

  LiveInputOptions options_;
  const OpenFn open_;
  std::shared_ptr<media::VideoReader> first_;
  std::thread thread_;
  std::atomic<bool> stop_ = false;
  std::atomic<Clock::rep> heard_ = 0;  // when the latest item came

  // Of the reading thread: when the first picture of the connection was taken, and its time.
  std::optional<Clock::time_point> anchor_;
  double anchor_seconds_ = 0;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<Event> queue_;
  std::deque<Clock::time_point> waiting_;  // when the pictures in it came
  int64_t dropped_ = 0;
};

}  // namespace furl::session

#endif  // FURL_SESSION_LIVE_LIVE_INPUT_H_
