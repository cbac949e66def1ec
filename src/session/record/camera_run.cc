#include "session/record/camera_run.h"

#include <algorithm>
#include <cmath>
#include <thread>
#include <utility>

#include "media/libav/libav_util.h"
#include "session/live/live_folder.h"
#include "session/settings_tag.h"

namespace furl::session {
namespace {

// How long to wait for a picture before looking whether to stop.
constexpr double kMoment = 0.1;

std::optional<int64_t> BeginOf(const RecordSettings& settings) {
  return settings.begin_ms > 0 ? std::optional(settings.begin_ms) : std::nullopt;
}

double SecondsOf(int64_t wall_ticks) { return static_cast<double>(wall_ticks) / kWallTicks; }

// All cameras share the processors.
int ThreadsOf(int wanted, int cameras) {
  if (wanted < 0) return wanted;
  const int all = wanted > 0 ? wanted : static_cast<int>(std::thread::hardware_concurrency());
  return std::max(1, all / std::max(cameras, 1));
}

}  // namespace

CameraRun::CameraRun(const CameraSettings& camera, RecordShared shared,
                     std::unique_ptr<LiveInput> input, CameraCounters* counters, RecordHooks hooks)
    : camera_(camera),
      shared_(std::move(shared)),
      input_(std::move(input)),
      counters_(counters),
      hooks_(std::move(hooks)),
      segment_(WallTicksOf(shared_.settings->segment_seconds)),
      mask_(camera.zones),
      meter_(camera.zones, camera.sensitivity),
      times_(BeginOf(*shared_.settings)),
      events_(camera.name, {shared_.settings->folder + "/" + camera.name}, shared_.archive,
              hooks_.event, hooks_.notice) {}

Status CameraRun::Run() {
  input_->Start();
  for (;;) {
    if (hooks_.cancelled && hooks_.cancelled()) break;
    auto event = input_->Next(kMoment);
    if (!event) continue;
    if (event->kind == LiveInput::Event::Kind::kEnded) {
      FURL_RETURN_IF_ERROR(Disconnect());
      return event->status;
    }
    FURL_RETURN_IF_ERROR(Take(std::move(*event)));
  }
  return Disconnect();
}

Status CameraRun::Take(LiveInput::Event event) {
  switch (event.kind) {
    case LiveInput::Event::Kind::kOpened: Connect(std::move(event.reader)); return OkStatus();
    case LiveInput::Event::Kind::kLost:
      hooks_.Notice(event.status.message() + "; trying to get it back");
      return Disconnect();
    default:
      if (event.item.frame != nullptr) {
        const int64_t waited_ms = std::llround(event.waited * 1000);
        return TakeFrame(event.item.frame, WallClockMs() - waited_ms);
      }
      TakePacket(std::move(event.item.packet));
      return OkStatus();
  }
}

void CameraRun::Connect(std::shared_ptr<media::VideoReader> reader) {
  if (++counters_->connections > 1) hooks_.Notice("the input is back");
  counters_->connected = 1;
  reader_ = std::move(reader);
  info_ = reader_->info();
  DropSettingsTag(&info_.video);
  info_.video.time_base = kWallTick;
  watch_.emplace(camera_.least_motion, camera_.post_seconds);
}

// What there is becomes a file; a new connection may have another format.
Status CameraRun::Disconnect() {
  counters_->connected = 0;
  if (coder_ == nullptr) return OkStatus();
  FURL_RETURN_IF_ERROR(coder_->Finish(Sink()));
  if (watch_->Finish()) EndEvent();
  events_.Settle(*recorder_, /*all=*/true);
  recorder_->Finish();
  recorder_.reset();
  coder_.reset();
  cell_.reset();
  early_.clear();
  return OkStatus();
}

PacketRecorder::Options CameraRun::RecorderOptions() const {
  // Files that are a large part of the quota leave nothing to remove.
  constexpr int64_t kFilesPerCamera = 4;
  PacketRecorder::Options options;
  options.camera = camera_.name;
  options.place = {shared_.settings->folder + "/" + camera_.name};
  options.mode = camera_.mode;
  options.segment = segment_;
  options.pre = WallTicksOf(camera_.pre_seconds);
  options.most_bytes =
      shared_.archive->limits().quota_bytes / (kFilesPerCamera * std::max(shared_.cameras, 1));
  return options;
}

Status CameraRun::OpenCoder(const Frame& first, int64_t came_ms) {
  const double tick = reader_->info().video.time_base.value();
  times_.Connect(static_cast<double>(first.pts) * tick, came_ms);
  EncoderSettings encoder = shared_.settings->encoder;
  encoder.threads = ThreadsOf(encoder.threads, shared_.cameras);
  FURL_ASSIGN_OR_RETURN(coder_,
                        PictureCoder::Create(camera_, encoder, info_.video, shared_.family));
  SetSettingsTag(SettingsText(coder_->settings(), shared_.family->family()->model()), &info_.video);
  SegmentFormat format;
  format.info = info_;
  format.sequence_header = coder_->sequence_header();
  format.notice = hooks_.notice;
  recorder_ = std::make_unique<PacketRecorder>(RecorderOptions(), std::move(format),
                                               shared_.archive, counters_, hooks_.notice);
  for (media::MediaPacket& packet : std::exchange(early_, {})) Record(std::move(packet));
  return OkStatus();
}

void CameraRun::TakePacket(std::unique_ptr<media::MediaPacket> packet) {
  constexpr size_t kMostEarly = 1024;
  if (packet->pts == media::kNoTimestamp) return;
  if (recorder_ != nullptr) return Record(std::move(*packet));
  if (early_.size() < kMostEarly) early_.push_back(std::move(*packet));
}

// Sound counts from the same zero as the video.
void CameraRun::Record(media::MediaPacket packet) {
  const Rational tick = info_.streams[static_cast<size_t>(packet.stream)].time_base;
  const auto wall = [&](int64_t ticks) {
    return media::Rescale(times_.At(static_cast<double>(ticks) * tick.value()), kWallTick, tick);
  };
  packet.pts = wall(packet.pts);
  if (packet.dts != media::kNoTimestamp) packet.dts = wall(packet.dts);
  recorder_->Take(std::move(packet));
}

bool CameraRun::BeginsSegment(int64_t time) {
  const int64_t cell = time / segment_;
  const bool begins = !cell_ || cell > *cell_;
  cell_ = begins ? cell : *cell_;
  return begins;
}

Status CameraRun::TakeFrame(const ConstFramePtr& frame, int64_t came_ms) {
  const auto start = Clock::now();
  if (coder_ == nullptr) FURL_RETURN_IF_ERROR(OpenCoder(*frame, came_ms));
  const double tick = reader_->info().video.time_base.value();
  FrameTag tag = frame->tag();
  tag.pts = times_.Take(static_cast<double>(frame->pts) * tick, came_ms);
  tag.duration = WallTicksOf(static_cast<double>(frame->duration) * tick);
  FURL_ASSIGN_OR_RETURN(const ConstFramePtr masked, mask_.Apply(Frame::StandIn(frame, tag)));
  FURL_ASSIGN_OR_RETURN(const PictureUse use, Look(masked));
  FURL_RETURN_IF_ERROR(Code(masked, use));
  counters_->last_frame_ms = came_ms;
  counters_->dropped = input_->dropped();
  if (shared_.settings->begin_ms > 0) return OkStatus();
  const std::chrono::duration<double> work = Clock::now() - start;
  const auto change =
      thinning_.Update(SecondsOf(tag.pts), work.count(), input_->backlog(), input_->dropped());
  if (change) hooks_.Notice(*change);
  counters_->effort_percent = static_cast<int64_t>(100 * thinning_.part() + 0.5);
  return OkStatus();
}

Result<PictureUse> CameraRun::Look(const ConstFramePtr& frame) {
  const double seconds = SecondsOf(frame->pts);
  const watch::Motion motion = meter_.Measure(*frame, seconds);
  const EventWatch::Step step = watch_->Update(seconds, motion, meter_.zones(), frame);
  PictureUse use;
  use.quiet = step.quiet;
  const bool begins_segment = BeginsSegment(frame->pts);
  // From a key frame on: all of an event, and nothing of what comes after it.
  const bool passed = step.passed && camera_.mode == RecordMode::kEvents;
  use.begins = begins_segment || step.rises || passed;
  if (step.begun) recorder_->BeginEvent(WallTicksOf(watch_->event().begin));
  if (step.ended) EndEvent();
  if (passed) recorder_->EndAt(frame->pts);
  counters_->busy = step.quiet ? 0 : 1;
  return use;
}

void CameraRun::EndEvent() {
  const watch::WatchEvent& event = watch_->event();
  RecordedEvent recorded;
  recorded.begin = WallTicksOf(event.begin);
  recorded.end = WallTicksOf(event.end);
  recorded.peak = event.peak;
  for (const std::string& zone : watch_->zones()) {
    if (!zone.empty()) recorded.zones.insert(zone);
  }
  ++counters_->events;
  events_.Add(std::move(recorded), watch_->picture(), info_.video);
}

Status CameraRun::Code(const ConstFramePtr& frame, const PictureUse& use) {
  bool coded = use.begins || thinning_.Takes();
  if (coded) {
    FURL_ASSIGN_OR_RETURN(coded, coder_->Code(frame, use, Sink()));
  }
  ++(coded ? counters_->frames : counters_->thinned);
  events_.Settle(*recorder_, /*all=*/false);
  return OkStatus();
}

PictureCoder::TakeFn CameraRun::Sink() {
  return [this](media::MediaPacket packet) {
    recorder_->Take(std::move(packet));
    return OkStatus();
  };
}

}  // namespace furl::session
