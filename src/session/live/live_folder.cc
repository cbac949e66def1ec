#include "session/live/live_folder.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "session/package/package_run.h"

namespace furl::session {

int64_t WallClockMs() {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  return duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

Result<LiveFolder> LiveFolder::Open(const std::string& folder, double window_seconds,
                                    bool overwrite) {
  LiveFolder out;
  out.folder_ = folder;
  out.window_seconds_ = window_seconds;
  out.origin_ms_ = WallClockMs();
  for (const hls::SegmentPlace& place : StreamPlaces(folder, true)) {
    auto list = std::make_unique<hls::LiveList>(place, window_seconds);
    const Status resumed = list->Resume();
    if (!resumed.ok() && !overwrite) return resumed;
    if (!resumed.ok() || list->end() <= 0) continue;
    // All have the same.
    out.origin_ms_ = list->origin_ms();
    out.resumed_ = true;
    out.lists_[place.name] = std::move(list);
  }
  return out;
}

double LiveFolder::end() const {
  double end = 0;
  for (const auto& [name, list] : lists_) end = std::max(end, list->end());
  return end;
}

hls::LiveList* LiveFolder::Find(const std::string& name, const std::string& ending) {
  std::unique_ptr<hls::LiveList>& list = lists_[name];
  if (list == nullptr) {
    const hls::SegmentPlace place = {folder_, name, ending, true};
    list = std::make_unique<hls::LiveList>(place, window_seconds_);
    list->set_origin_ms(origin_ms_);
  }
  return list.get();
}

void LiveFolder::Break() {
  for (const auto& [name, list] : lists_) list->Break();
}

Status LiveFolder::WriteMaster(const hls::MasterPlaylist& master) const {
  return hls::WriteMasterFile(folder_ + "/" + kMasterName, master, true);
}

Status LiveFolder::Finish() {
  for (const auto& [name, list] : lists_) FURL_RETURN_IF_ERROR(list->Finish());
  return OkStatus();
}

}  // namespace furl::session
