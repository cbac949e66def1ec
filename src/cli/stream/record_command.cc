// furl record: cameras to files, day and night.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/encode/run_encode.h"
#include "cli/stream/record_options.h"
#include "cli/stream/stream_options.h"
#include "serve/http/server.h"
#include "serve/listener.h"
#include "session/record/recovery.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Records cameras: files by the clock in a folder for each camera and day, and events
where something moves. Where nothing does, a fraction of the rate is spent. A quota
keeps the folder small: the oldest files go first. Cameras that are lost are tried
again; what a killed run left becomes files at the next start. Ctrl-C ends it.)";

constexpr char kFooter[] = R"(Examples:
  furl record rtsp://camera/stream -o recordings --quota 200G
      Files of ten minutes: recordings/camera/2026-11-30/12-00-00.mkv (UTC).
  furl record --camera front=rtsp://front/s --camera yard=/dev/video0 -o recordings
  furl record --config cameras.json -o recordings --keep 30d --metrics-port 9100
      Cameras with zones and masks (docs/record.md), and counters for Prometheus.
  furl record rtsp://camera/stream -o events --mode events --pre 10 --post 20
      Only where something moves.
  furl record old.mp4 -o recordings --fast --begin 2026-11-29T08:00:00Z
      Takes in what was recorded elsewhere.)";

using Cameras = std::vector<session::RecordRun::Camera>;

// The folders, each locked for as long as this lives.
class CameraFolders {
 public:
  static Result<CameraFolders> Open(const std::string& folder, const Cameras& cameras) {
    CameraFolders out;
    FURL_RETURN_IF_ERROR(MakeFolder(folder));
    for (const auto& camera : cameras) {
      const session::CameraPlace place = {folder + "/" + camera.settings.name};
      FURL_RETURN_IF_ERROR(MakeFolder(place.folder));
      FURL_RETURN_IF_ERROR(out.Lock(place.folder));
      FURL_RETURN_IF_ERROR(session::SetPartsAside(place));
    }
    return out;
  }

 private:
  Status Lock(const std::string& folder) {
    serve::Descriptor descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.get() < 0) return IoError(folder + ": " + std::strerror(errno));
    if (flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      return IoError(folder + ": another furl record writes there");
    }
    locks_.push_back(std::move(descriptor));
    return OkStatus();
  }

  std::vector<serve::Descriptor> locks_;
};

// What threads of cameras have to say, for the one that speaks.
class EventQueue {
 public:
  void Put(const session::RecordedEvent& event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
  }
  std::vector<session::RecordedEvent> Take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<session::RecordedEvent> events_;
};

void Tell(const session::RecordedEvent& event, Console& console) {
  nlohmann::ordered_json line = nlohmann::ordered_json::parse(session::EventLine(event));
  nlohmann::ordered_json object = {{"type", "event"}};
  object.update(line);
  console.Json(object);
  const std::string zones =
      event.zones.empty() ? "" : fmt::format(" ({})", fmt::join(event.zones, ", "));
  console.Say(fmt::format("{}: {} for {} s{}", event.camera, line["begin"].get<std::string>(),
                          line["seconds"].dump(), zones));
}

// /metrics, where it is wanted.
class MetricsPage {
 public:
  Status Listen(const std::string& text) {
    if (text.empty()) return OkStatus();
    FURL_ASSIGN_OR_RETURN(const serve::ListenAddress address, serve::ParseListenAddress(text));
    FURL_ASSIGN_OR_RETURN(serve::Listener listener, serve::Listen(address));
    listener_.emplace(std::move(listener));
    return OkStatus();
  }

  Status Start(const session::RecordRun& run, Console& console) {
    if (!listener_) return OkStatus();
    const auto answer = [&run](const serve::Request& request) {
      if (request.target != "/metrics") return serve::PlainAnswer(404, serve::Refusal::kNotFound);
      serve::Answer page;
      page.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"},
                      {"Cache-Control", "no-store"}};
      page.text = run.Metrics(FURL_VERSION);
      return page;
    };
    console.Say("counters at " + listener_->url + "metrics");
    console.Json({{"type", "metrics"}, {"url", listener_->url + "metrics"}});
    FURL_ASSIGN_OR_RETURN(
        server_, serve::Server::Start(std::move(listener_->socket), answer, &counters_, {}));
    return OkStatus();
  }

  void Watch() {
    if (server_ != nullptr) server_->Watch();
  }

 private:
  std::optional<serve::Listener> listener_;
  serve::Counters counters_;
  std::unique_ptr<serve::Server> server_;
};

struct Sums {
  int64_t frames = 0;
  int64_t thinned = 0;
  int64_t dropped = 0;
  int64_t segments = 0;
  int64_t bytes = 0;
  int64_t events = 0;
  int64_t lost_packets = 0;
};

Sums SumsOf(const session::RecordRun& run, size_t cameras) {
  Sums sums;
  for (size_t i = 0; i < cameras; ++i) {
    const session::CameraCounters& c = run.counters(i);
    sums.frames += c.frames;
    sums.thinned += c.thinned;
    sums.dropped += c.dropped;
    sums.segments += c.segments;
    sums.bytes += c.bytes;
    sums.events += c.events;
    sums.lost_packets += c.lost_packets;
  }
  return sums;
}

void Summarize(const Sums& sums, const RecordOptions& options, Console& console, Details* details) {
  (*details)["output"] = options.encode.output;
  (*details)["frames"] = sums.frames;
  (*details)["thinned"] = sums.thinned;
  (*details)["dropped"] = sums.dropped;
  (*details)["segments"] = sums.segments;
  (*details)["bytes"] = sums.bytes;
  (*details)["events"] = sums.events;
  (*details)["lost_packets"] = sums.lost_packets;
  console.Say(fmt::format("{}: {} pictures, {} left out, {} dropped; {} files, {}, {} events",
                          options.encode.output, sums.frames, sums.thinned, sums.dropped,
                          sums.segments, HumanBytes(sums.bytes), sums.events));
}

// Between cameras, several times a second: says what there is to say.
class Moments {
 public:
  Moments(const session::RecordRun& run, size_t cameras, EventQueue* events, MetricsPage* page,
          Console* console)
      : run_(run), cameras_(cameras), events_(events), page_(page), console_(console) {}

  void operator()() {
    page_->Watch();
    for (const session::RecordedEvent& event : events_->Take()) Tell(event, *console_);
    const Sums sums = SumsOf(run_, cameras_);
    Progress progress;
    progress.frames = sums.frames;
    progress.label = fmt::format("{} events", sums.events);
    console_->Show(progress);
    // Months of messages are more than one command's share.
    constexpr std::chrono::hours kHour(1);
    if (Clock::now() - begin_ < kHour) return;
    begin_ = Clock::now();
    console_->RestartMessages();
  }

 private:
  using Clock = std::chrono::steady_clock;

  const session::RecordRun& run_;
  const size_t cameras_;
  EventQueue* const events_;
  MetricsPage* const page_;
  Console* const console_;
  Clock::time_point begin_ = Clock::now();
};

Status Record(const RecordOptions& options, Console& console, Details* details) {
  FURL_ASSIGN_OR_RETURN(const session::EncodeRequest encode, RequestOf(options.encode, console));
  media::ReaderOptions reader = encode.reader;
  reader.turn_upright = true;
  FURL_ASSIGN_OR_RETURN(const Cameras cameras, CamerasOf(options, reader));
  FURL_ASSIGN_OR_RETURN(const session::RecordSettings settings, RecordSettingsOf(options, encode));
  FURL_ASSIGN_OR_RETURN(const CameraFolders folders, CameraFolders::Open(settings.folder, cameras));
  session::Archive archive(settings.folder, settings.limits, console.notice());
  FURL_RETURN_IF_ERROR(archive.Scan());
  MetricsPage page;
  FURL_RETURN_IF_ERROR(page.Listen(options.metrics));
  const auto broker = EnterSandbox(RecordNeeds(options, cameras, archive.cameras()), console);
  FURL_ASSIGN_OR_RETURN(FamilyEncoderPtr family, EncodeFamily(options.encode));
  EventQueue events;
  session::RecordHooks hooks = {HooksOf(console), {}};
  hooks.event = [&events](const session::RecordedEvent& event) { events.Put(event); };
  session::RecordRun run(settings, cameras, std::move(family), &archive, std::move(hooks));
  FURL_RETURN_IF_ERROR(run.Recover());
  FURL_RETURN_IF_ERROR(page.Start(run, console));
  Moments moments(run, cameras.size(), &events, &page, &console);
  const Status status = run.Run(std::ref(moments));
  moments();
  FURL_RETURN_IF_ERROR(status);
  Summarize(SumsOf(run, cameras.size()), options, console, details);
  return OkStatus();
}

}  // namespace

RunFn AddRecord(CLI::App* app) {
  auto options = std::make_shared<RecordOptions>();
  options->encode.subtitles = "none";
  app->description(kHelp);
  app->footer(kFooter);
  AddRecordOptions(app, options.get());
  return [options](Console& console, Details* details) {
    std::string& folder = options->encode.output;
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    if (folder.find('%') != std::string::npos) {
      return InvalidArgument("the folder's name can't have a percent sign");
    }
    return Record(*options, console, details);
  };
}

}  // namespace furl::cli
