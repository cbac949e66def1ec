#include "session/live/live_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "session/settings_tag.h"

namespace furl::session {
namespace {

// How long to wait for a picture before looking whether to stop.
constexpr double kMoment = 0.1;

std::vector<double> CostsOf(const std::vector<Effort>& efforts) {
  std::vector<double> costs;
  for (const Effort& effort : efforts) costs.push_back(CostOf(effort));
  return costs;
}

std::string EffortText(const Effort& effort) {
  std::string text = fmt::format("preset {}", PresetName(effort.preset));
  if (effort.size < 1) text += fmt::format(", sides {:.0f} % of their length", 100 * effort.size);
  return text;
}

}  // namespace

double CostOf(const Effort& effort) {
  const double preset = effort.preset == Preset::kSlow     ? 1.2
                        : effort.preset == Preset::kMedium ? 1
                                                           : 0.9;
  return preset * effort.size * effort.size;
}

std::vector<Effort> EffortsFrom(Preset most) {
  std::vector<Effort> efforts;
  for (const Preset preset : {Preset::kSlow, Preset::kMedium, Preset::kFast}) {
    if (preset <= most) efforts.push_back({preset, 1});
  }
  for (const double size : {2.0 / 3, 0.5, 1.0 / 3}) efforts.push_back({Preset::kFast, size});
  return efforts;
}

LiveRun::LiveRun(const LiveRequest& request, LiveFolder* folder, std::unique_ptr<LiveInput> input,
                 FamilyEncoderPtr family, LiveHooks hooks)
    : request_(request),
      folder_(folder),
      input_(std::move(input)),
      family_(std::move(family)),
      hooks_(std::move(hooks)),
      efforts_(EffortsFrom(request.stream.encoder.preset)),
      governor_(CostsOf(efforts_)) {
  state_.effort = efforts_.front();
}

Result<LiveState> LiveRun::Run() {
  input_->Start();
  for (;;) {
    if (hooks_.cancelled && hooks_.cancelled()) break;
    auto event = input_->Next(kMoment);
    if (!event) continue;
    if (event->kind == LiveInput::Event::Kind::kEnded) {
      FURL_RETURN_IF_ERROR(event->status);
      break;
    }
    FURL_RETURN_IF_ERROR(Take(std::move(*event)));
  }
  FURL_RETURN_IF_ERROR(Disconnect());
  FURL_RETURN_IF_ERROR(folder_->Finish());
  return state_;
}

Status LiveRun::Take(LiveInput::Event event) {
  switch (event.kind) {
    case LiveInput::Event::Kind::kOpened: Connect(std::move(event.reader)); return OkStatus();
    case LiveInput::Event::Kind::kLost:
      hooks_.Notice(event.status.message() + "; trying to get it back");
      return Disconnect();
    default:
      if (event.item.packet != nullptr) return tracks_->TakePacket(std::move(event.item.packet));
      return TakeFrame(event.item.frame);
  }
}

void LiveRun::Connect(std::shared_ptr<media::VideoReader> reader) {
  if (++state_.connections > 1) hooks_.Notice("the input is back");
  reader_ = std::move(reader);
  tracks_.emplace(
      request_.stream, reader_->info(), family_,
      [this](const std::string& name, const std::string& ending) {
        return folder_->Find(name, ending);
      },
      hooks_.notice);
  work_seconds_ = 0;
  folder_->Break();
}

Status LiveRun::Disconnect() {
  if (!tracks_) return OkStatus();
  if (tracks_->frames() > 0) {
    state_.seconds += tracks_->end() - begin_seconds_;
    ++state_.segments;
    FURL_RETURN_IF_ERROR(tracks_->Finish());
    FURL_RETURN_IF_ERROR(WriteMasterOnce());
  }
  tracks_.reset();
  reader_.reset();
  return OkStatus();
}

// Behind all that there is, also where clocks went back.
double LiveRun::BeginOfConnection() const {
  const double now = static_cast<double>(WallClockMs() - folder_->origin_ms()) / 1000;
  return std::max(now, folder_->end());
}

Status LiveRun::TakeFrame(const ConstFramePtr& frame) {
  const bool first = !tracks_->is_open();
  if (!first && tracks_->BeginsSegment(*frame)) FURL_RETURN_IF_ERROR(EndSegment());
  const auto start = Clock::now();
  if (first) FURL_RETURN_IF_ERROR(tracks_->Open(*frame, BeginOfConnection()));
  FURL_RETURN_IF_ERROR(tracks_->TakeFrame(frame));
  if (first) {
    begin_seconds_ = tracks_->begin();
    tracks_->SetEffort(state_.effort);
  }
  work_seconds_ += std::chrono::duration<double>(Clock::now() - start).count();
  ++state_.frames;
  state_.backlog = input_->backlog();
  state_.dropped = input_->dropped();
  if (hooks_.progress) hooks_.progress(state_);
  return OkStatus();
}

Status LiveRun::EndSegment() {
  const double media_seconds = tracks_->end() - begin_seconds_;
  state_.seconds += media_seconds;
  ++state_.segments;
  if (request_.adapts) Adapt();
  work_seconds_ = 0;
  begin_seconds_ = tracks_->end();
  return WriteMasterOnce();
}

void LiveRun::Adapt() {
  const int64_t dropped = input_->dropped() - std::exchange(dropped_before_, input_->dropped());
  const double backlog = input_->backlog();
  const SegmentLoad load = {tracks_->end() - begin_seconds_, work_seconds_, backlog, dropped};
  const size_t before = governor_.level();
  const size_t level = governor_.Update(load);
  if (level == before) return;
  state_.effort = efforts_[level];
  tracks_->SetEffort(state_.effort);
  const char* why = level > before ? "this machine is too slow" : "there is room again";
  hooks_.Notice(fmt::format("{} ({:.0f} % of its time, {:.1f} s waiting, {} pictures dropped): {}",
                            why, 100 * load.work_seconds / load.media_seconds, backlog, dropped,
                            EffortText(state_.effort)));
}

// Players that have read it want all that it names.
Status LiveRun::WriteMasterOnce() {
  if (master_written_) return OkStatus();
  for (const StreamTracks::Video& video : tracks_->videos()) {
    if (video.store->count() == 0) return OkStatus();
  }
  hls::MasterPlaylist master = tracks_->Master();
  for (size_t i = 0; i < master.variants.size(); ++i) {
    const auto rate = static_cast<double>(tracks_->videos()[i].rung.bits_per_second);
    hls::Variant& variant = master.variants[i];
    variant.peak = std::max(variant.peak, static_cast<int64_t>(rate * kPeakRate));
    variant.mean = static_cast<int64_t>(rate);
  }
  master_written_ = true;
  return folder_->WriteMaster(master);
}

}  // namespace furl::session
