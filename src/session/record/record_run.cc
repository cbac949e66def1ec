#include "session/record/record_run.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>
#include <utility>

#include "base/exceptions.h"
#include "session/live/live_folder.h"
#include "session/record/recovery.h"

namespace furl::session {

RecordRun::RecordRun(const RecordSettings& settings, const std::vector<Camera>& cameras,
                     FamilyEncoderPtr family, Archive* archive, RecordHooks hooks)
    : settings_(settings),
      cameras_(cameras),
      family_(std::move(family)),
      archive_(archive),
      hooks_(std::move(hooks)),
      start_seconds_(WallClockMs() / 1000) {
  for (size_t i = 0; i < cameras.size(); ++i) {
    counters_.push_back(std::make_unique<CameraCounters>());
  }
}

RecordHooks RecordRun::HooksOf(size_t camera) const {
  RecordHooks hooks = hooks_;
  if (cameras_.size() == 1 || !hooks_.notice) return hooks;
  hooks.notice = [this, camera](const std::string& text) {
    hooks_.notice(cameras_[camera].settings.name + ": " + text);
  };
  return hooks;
}

Status RecordRun::Recover() {
  for (size_t i = 0; i < cameras_.size(); ++i) {
    const std::string& name = cameras_[i].settings.name;
    const RecordHooks hooks = HooksOf(i);
    FURL_ASSIGN_OR_RETURN(const Recovered recovered,
                          RecoverParts(name, {settings_.folder + "/" + name}, archive_,
                                       hooks.notice, hooks.cancelled));
    if (recovered.files + recovered.lost == 0) continue;
    hooks.Notice(fmt::format("{} files of a run that was killed: {:.0f} seconds got back",
                             recovered.files + recovered.lost, recovered.seconds));
  }
  return OkStatus();
}

Status RecordRun::Run(const std::function<void()>& moment) {
  std::vector<Status> ends(cameras_.size());
  std::vector<std::thread> threads;
  std::atomic<size_t> running = cameras_.size();
  for (size_t i = 0; i < cameras_.size(); ++i) {
    threads.emplace_back([&, i] {
      const RecordShared shared = {&settings_, family_, archive_,
                                   static_cast<int>(cameras_.size())};
      ends[i] = CatchExceptions([&] {
        CameraRun run(cameras_[i].settings, shared, std::make_unique<LiveInput>(cameras_[i].input),
                      counters_[i].get(), HooksOf(i));
        return run.Run();
      });
      if (!ends[i].ok() && cameras_.size() > 1) {
        HooksOf(i).Notice("is given up: " + ends[i].message());
      }
      --running;
    });
  }
  while (running > 0) {
    if (moment) moment();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  for (std::thread& thread : threads) thread.join();
  for (const Status& end : ends) {
    if (end.ok()) return OkStatus();
  }
  return ends.front();
}

std::string RecordRun::Metrics(std::string_view version) const {
  std::vector<CountedCamera> cameras;
  for (size_t i = 0; i < cameras_.size(); ++i) {
    const std::string& name = cameras_[i].settings.name;
    cameras.push_back({name, counters_[i].get(), archive_->removed(name)});
  }
  const RecordFacts facts = {version,           start_seconds_,    WallClockMs(),
                             archive_->bytes(), archive_->files(), settings_.limits.quota_bytes};
  return RecordMetrics(facts, cameras);
}

}  // namespace furl::session
