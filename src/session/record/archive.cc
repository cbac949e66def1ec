#include "session/record/archive.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <system_error>

#include "media/output_place.h"
#include "session/record/camera_place.h"

namespace furl::session {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kDayMs = 86'400'000;

// The time that a file of a camera goes by, 0 if it is none. A day's events go behind its videos.
int64_t TimeOf(const CameraPlace& place, const std::string& path, bool* video) {
  const std::array<std::string, 3> patterns = {place.Videos(), place.Thumbnails(), place.Events()};
  for (size_t i = 0; i < patterns.size(); ++i) {
    const auto name = media::TimedName::Parse(patterns[i]);
    const int64_t time = name.ok() ? name->TimeOf(path) : 0;
    if (time == 0) continue;
    *video = i == 0;
    return i == 2 ? time / kDayMs * kDayMs + kDayMs - 1 : time;
  }
  return 0;
}

// Names of the folders in a folder.
Result<std::vector<std::string>> FoldersIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code unknown;
    if (it->is_directory(unknown)) names.push_back(it->path().filename().string());
  }
  if (error) return IoError(folder + ": " + error.message());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

Status Archive::Scan() {
  FURL_ASSIGN_OR_RETURN(const auto cameras, FoldersIn(folder_));
  for (const std::string& camera : cameras) {
    if (camera.find('%') != std::string::npos) continue;
    const std::string camera_folder = folder_ + "/" + camera;
    FURL_ASSIGN_OR_RETURN(const auto days, FoldersIn(camera_folder));
    for (const std::string& day : days) ScanDay(camera, camera_folder + "/" + day);
  }
  return OkStatus();
}

void Archive::ScanDay(const std::string& camera, const std::string& day_folder) {
  std::error_code error;
  for (fs::directory_iterator it(day_folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string path = day_folder + "/" + it->path().filename().string();
    bool video = false;
    const int64_t time = TimeOf({folder_ + "/" + camera}, path, &video);
    if (time > 0) Put(camera, path, time);
  }
}

std::vector<std::string> Archive::cameras() const {
  const std::lock_guard lock(mutex_);
  std::set<std::string> names;
  for (const auto& [time, file] : files_) names.insert(file.camera);
  return {names.begin(), names.end()};
}

void Archive::Add(const std::string& camera, const std::string& path, int64_t unix_ms) {
  const std::lock_guard lock(mutex_);
  Put(camera, path, unix_ms);
}

void Archive::Put(const std::string& camera, const std::string& path, int64_t unix_ms) {
  File file = {camera, path};
  const int64_t time = TimeOf({folder_ + "/" + camera}, path, &file.video);
  if (time > 0) unix_ms = time;
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return;
  file.bytes = info.st_size;
  for (auto [it, end] = files_.equal_range(unix_ms); it != end; ++it) {
    if (it->second.path != path) continue;
    finished_ -= it->second.bytes;
    files_.erase(it);
    break;
  }
  finished_ += file.bytes;
  files_.emplace(unix_ms, std::move(file));
}

void Archive::SetGrowing(const std::string& camera_or_part, int64_t bytes) {
  const std::lock_guard lock(mutex_);
  growing_[camera_or_part] = bytes;
}

// What can't be removed is forgotten: it would be tried for ever.
void Archive::Remove(Files::iterator file) {
  const File gone = std::move(file->second);
  files_.erase(file);
  finished_ -= gone.bytes;
  const Status status = media::RemoveOutput(gone.path, /*with_folder=*/true);
  if (status.ok()) {
    ++removed_[gone.camera];
  } else if (notice_) {
    notice_("can't be removed: " + status.message());
  }
}

bool Archive::MakeRoom(int64_t coming_bytes, int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  const auto keep_ms = static_cast<int64_t>(limits_.keep_seconds * 1000);
  while (keep_ms > 0 && !files_.empty() && files_.begin()->first < now_ms - keep_ms) {
    Remove(files_.begin());
  }
  if (limits_.quota_bytes <= 0) return true;
  while (Total() + coming_bytes > limits_.quota_bytes) {
    if (files_.empty()) return false;
    Remove(files_.begin());
  }
  return true;
}

bool Archive::RemoveOldest() {
  const std::lock_guard lock(mutex_);
  while (!files_.empty()) {
    const bool video = files_.begin()->second.video;
    Remove(files_.begin());
    if (video) return true;
  }
  return false;
}

int64_t Archive::Total() const {
  int64_t total = finished_;
  for (const auto& [name, bytes] : growing_) total += bytes;
  return total;
}

int64_t Archive::bytes() const {
  const std::lock_guard lock(mutex_);
  return Total();
}

int64_t Archive::files() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int64_t>(files_.size());
}

int64_t Archive::removed(const std::string& camera) const {
  const std::lock_guard lock(mutex_);
  const auto found = removed_.find(camera);
  return found == removed_.end() ? 0 : found->second;
}

}  // namespace furl::session
