#include "session/live/live_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace furl::session {
namespace {

// How far a pipe may be ahead of its own speed.
constexpr double kLenience = 0.5;
// Memory of pictures that wait.
constexpr size_t kMostBytes = size_t{256} << 20;
constexpr size_t kFewest = 4;
// Without a picture in between so many packets of sound may wait.
constexpr size_t kMostEvents = 4096;

}  // namespace

double Backoff::Next() {
  constexpr double kLongest = 10;
  return std::exchange(seconds_, std::min(2 * seconds_, kLongest));
}

LiveInput::LiveInput(LiveInputOptions options, OpenFn open)
    : options_(std::move(options)), open_(std::move(open)) {
  options_.reader.cancelled = [this] { return stop_ || Stalled(); };
}

LiveInput::~LiveInput() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool LiveInput::Stalled() const {
  const Clock::time_point heard{Clock::duration(heard_)};
  const double silent = std::chrono::duration<double>(Clock::now() - heard).count();
  return options_.reconnects && silent > options_.stall_seconds;
}

Result<std::unique_ptr<media::VideoReader>> LiveInput::OpenOnce() {
  heard_ = Clock::now().time_since_epoch().count();
  return open_(options_.path, options_.reader);
}

Status LiveInput::Open() {
  FURL_ASSIGN_OR_RETURN(first_, OpenOnce());
  return OkStatus();
}

void LiveInput::Start() {
  thread_ = std::thread([this] { Run(); });
}

std::shared_ptr<media::VideoReader> LiveInput::OpenFirst() {
  if (first_ != nullptr) return std::move(first_);
  auto opened = OpenOnce();
  if (opened.ok()) return std::move(*opened);
  if (!options_.reconnects) {
    Put({Event::Kind::kEnded, nullptr, {}, opened.status()});
    return nullptr;
  }
  Put({Event::Kind::kLost, nullptr, {}, opened.status()});
  auto reader = Reopen();
  if (reader == nullptr) Put({Event::Kind::kEnded, nullptr, {}, {}});
  return reader;
}

void LiveInput::Run() {
  std::shared_ptr<media::VideoReader> reader = OpenFirst();
  while (reader != nullptr) {
    anchor_.reset();
    Put({Event::Kind::kOpened, reader, {}, {}});
    Status end = ReadAll(reader.get());
    const bool over = end.code() == StatusCode::kEndOfStream;
    if (stop_ || !options_.reconnects) {
      return Put({Event::Kind::kEnded, nullptr, {}, over || stop_ ? OkStatus() : end});
    }
    if (over) end = IoError(options_.path + ": the stream ended");
    if (Stalled()) {
      end = IoError(fmt::format("{}: nothing came for {:.0f} seconds", options_.path,
                                options_.stall_seconds));
    }
    Put({Event::Kind::kLost, nullptr, {}, end});
    reader = Reopen();
    if (reader == nullptr) return Put({Event::Kind::kEnded, nullptr, {}, {}});
  }
}

Status LiveInput::ReadAll(media::VideoReader* reader) {
  const double tick = reader->info().video.time_base.value();
  while (!stop_) {
    heard_ = Clock::now().time_since_epoch().count();
    FURL_ASSIGN_OR_RETURN(media::MediaItem item, reader->Next());
    PutItem(std::move(item), tick);
  }
  return {StatusCode::kCancelled, "stopped"};
}

std::shared_ptr<media::VideoReader> LiveInput::Reopen() {
  Backoff backoff;
  while (Pause(backoff.Next())) {
    auto opened = OpenOnce();
    if (opened.ok()) return std::move(*opened);
  }
  return nullptr;
}

// False when it is to stop.
bool LiveInput::Pause(double seconds) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::duration<double>(seconds), [&] { return stop_.load(); });
  return !stop_;
}

void LiveInput::Put(Event event) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(event));
  }
  changed_.notify_all();
}

void LiveInput::PutItem(media::MediaItem item, double tick) {
  if (item.frame == nullptr) {
    const std::lock_guard lock(mutex_);
    if (queue_.size() < kMostEvents) {
      queue_.push_back({Event::Kind::kItem, nullptr, std::move(item), {}});
    }
    return;
  }
  const double time = static_cast<double>(item.frame->pts) * tick;
  WaitUntilDue(time);
  WaitForRoom();
  {
    const std::lock_guard lock(mutex_);
    const size_t bytes = Frame::BytesOf(item.frame->width(), item.frame->height(), 0);
    if (waiting_.size() >= std::max(kFewest, kMostBytes / bytes)) {
      ++dropped_;
      return;
    }
    waiting_.push_back(Clock::now());
    queue_.push_back({Event::Kind::kItem, nullptr, std::move(item), {}});
  }
  changed_.notify_all();
}

void LiveInput::WaitForRoom() {
  if (options_.pace != LivePace::kAsTaken) return;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_.size() < kFewest || stop_; });
}

void LiveInput::WaitUntilDue(double seconds) {
  if (options_.pace == LivePace::kAsTheyCome || options_.pace == LivePace::kAsTaken) return;
  if (!anchor_) {
    anchor_ = Clock::now();
    anchor_seconds_ = seconds;
  }
  const double lenience = options_.pace == LivePace::kLenient ? kLenience : 0;
  const std::chrono::duration<double> due(seconds - anchor_seconds_ - lenience);
  const std::chrono::duration<double> left = due - (Clock::now() - *anchor_);
  if (left.count() > 0) Pause(left.count());
}

std::optional<LiveInput::Event> LiveInput::Next(double seconds) {
  std::unique_lock lock(mutex_);
  const std::chrono::duration<double> wait(seconds);
  if (!changed_.wait_for(lock, wait, [&] { return !queue_.empty(); })) return std::nullopt;
  for (;;) {
    Event event = std::move(queue_.front());
    queue_.pop_front();
    if (event.item.frame == nullptr) return event;
    const bool passed = IsTooOld() && waiting_.size() > 1;
    event.waited = std::chrono::duration<double>(Clock::now() - waiting_.front()).count();
    waiting_.pop_front();
    changed_.notify_all();
    if (!passed) return event;
    ++dropped_;
  }
}

bool LiveInput::IsTooOld() const {
  if (options_.pace == LivePace::kAsTaken) return false;
  const std::chrono::duration<double> age = Clock::now() - waiting_.front();
  return age.count() > options_.wait_seconds;
}

double LiveInput::backlog() const {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return 0;
  return std::chrono::duration<double>(Clock::now() - waiting_.front()).count();
}

int64_t LiveInput::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

}  // namespace furl::session
