#include "session/search/index_run.h"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "report/frame_image.h"
#include "session/search/find_videos.h"

namespace furl::session {
namespace {

constexpr int kPictureSide = 120;  // samples of a picture's longer side, at most
constexpr int kPictureScale = 4;   // of its JPEG

// How a file is recognized as unchanged; none where there is none.
std::optional<StoredFile> StateOf(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return std::nullopt;
  StoredFile file;
  file.path = path;
  file.bytes = info.st_size;
  file.modified = int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
  return file;
}

// One of `step` x `step` samples.
Result<FramePtr> Thinned(const Frame& picture, int step) {
  FURL_ASSIGN_OR_RETURN(FramePtr thin,
                        Frame::Create((picture.width() + step - 1) / step,
                                      (picture.height() + step - 1) / step, picture.bit_depth()));
  for (int p = 0; p < 3; ++p) {
    const ConstPlane from = picture.plane(p);
    const Plane to = thin->plane(p);
    for (int y = 0; y < to.height; ++y) {
      for (int x = 0; x < to.width; ++x) {
        to.row(y)[x] =
            from.row(std::min(y * step, from.height - 1))[std::min(x * step, from.width - 1)];
      }
    }
  }
  return thin;
}

class IndexRun {
 public:
  explicit IndexRun(const IndexOptions& options) : options_(options), reader_(options.shots) {}

  Result<IndexOutcome> Run() {
    FURL_ASSIGN_OR_RETURN(const std::vector<std::string> paths, FindVideos(options_.inputs));
    FURL_ASSIGN_OR_RETURN(store_, ShotStore::Edit(options_.store));
    FURL_ASSIGN_OR_RETURN(const std::vector<StoredFile> files, store_->Files());
    for (const StoredFile& file : files) known_[file.path] = file;
    if (options_.prune) FURL_RETURN_IF_ERROR(Prune());
    const Status status = AddAll(paths);
    if (!status.ok() && status.code() != StatusCode::kCancelled) return status;
    outcome_.files = static_cast<int64_t>(known_.size());
    FURL_RETURN_IF_ERROR(store_->Save(options_.store));
    if (!status.ok()) return status;
    return outcome_;
  }

 private:
  Status Prune() {
    for (auto it = known_.begin(); it != known_.end();) {
      if (StateOf(it->first)) {
        ++it;
        continue;
      }
      FURL_RETURN_IF_ERROR(store_->Remove(it->second.id));
      it = known_.erase(it);
      ++outcome_.removed;
    }
    return OkStatus();
  }

  Status AddAll(const std::vector<std::string>& paths) {
    for (const std::string& path : paths) {
      const std::optional<StoredFile> state = StateOf(path);
      const auto before = known_.find(path);
      if (state && before != known_.end() && before->second.bytes == state->bytes &&
          before->second.modified == state->modified) {
        ++outcome_.unchanged;
        continue;
      }
      IndexedFile done;
      done.path = path;
      done.status = state ? Add(*state, &done) : IoError(path + ": it is no longer there");
      if (done.status.code() == StatusCode::kCancelled) return done.status;
      done.status.ok() ? ++outcome_.indexed : ++outcome_.failed;
      if (options_.done) options_.done(done);
    }
    return OkStatus();
  }

  Status Add(StoredFile file, IndexedFile* done) {
    FURL_ASSIGN_OR_RETURN(const VideoShots video, reader_.Read(file.path, {}));
    file.seconds = video.seconds;
    std::vector<StoredShot> shots;
    for (const analysis::Shot& shot : video.shots) {
      FURL_ASSIGN_OR_RETURN(shots.emplace_back(), Stored(shot, video.color, options_.pictures));
    }
    FURL_RETURN_IF_ERROR(store_->Replace(file, shots));
    known_[file.path] = file;
    done->shots = static_cast<int64_t>(shots.size());
    done->seconds = video.seconds;
    done->encoded = video.encoded;
    done->damaged = video.damaged;
    outcome_.shots += done->shots;
    outcome_.seconds += video.seconds;
    return OkStatus();
  }

  const IndexOptions& options_;
  ShotReader reader_;
  std::unique_ptr<ShotStore> store_;
  std::map<std::string, StoredFile> known_;  // by path
  IndexOutcome outcome_;
};

}  // namespace

Result<StoredShot> Stored(const analysis::Shot& shot, const ColorTags& color, bool picture) {
  StoredShot stored;
  stored.begin = shot.begin;
  stored.end = shot.end;
  stored.vector = analysis::VectorOf(shot.look);
  if (!picture) return stored;
  FURL_ASSIGN_OR_RETURN(FramePtr sketch, shot.sketch.Picture());
  const int side = std::max(sketch->width(), sketch->height());
  if (side > kPictureSide) {
    FURL_ASSIGN_OR_RETURN(sketch, Thinned(*sketch, (side + kPictureSide - 1) / kPictureSide));
  }
  FURL_ASSIGN_OR_RETURN(stored.picture, report::JpegUri(*sketch, color, kPictureScale));
  // One that a reader would refuse is left out.
  if (!CheckPicture(stored.picture).ok()) stored.picture.clear();
  return stored;
}

Result<IndexOutcome> RunIndex(const IndexOptions& options) { return IndexRun(options).Run(); }

}  // namespace furl::session
