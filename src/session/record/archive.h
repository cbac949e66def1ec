// Archive: the finished files of a folder of recordings, of all its cameras together, and what
// keeps them within a size and an age: the oldest go first.

#ifndef FURL_SESSION_RECORD_ARCHIVE_H_
#define FURL_SESSION_RECORD_ARCHIVE_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/media_info.h"
#include "media/timed_name.h"

namespace furl::session {

struct ArchiveLimits {
  int64_t quota_bytes = 0;  // of all files; 0: what the disk holds
  double keep_seconds = 0;  // that a file is kept from its time on; 0: as long as there is room
};

// All functions but Scan can be called by several threads at once.
class Archive {
 public:
  // `notice` is told of files that can't be removed.
  Archive(std::string folder, const ArchiveLimits& limits, media::NoticeFn notice)
      : folder_(std::move(folder)), limits_(limits), notice_(std::move(notice)) {}

  // Takes in what is there: of every folder in the folder the files that are named as furl record
  // names them. Others are neither counted nor touched. kIo.
  Status Scan();
  // The folders in it that hold such files, by name.
  std::vector<std::string> cameras() const;

  // A file of that camera that has its name now, or has grown.
  void Add(const std::string& camera, const std::string& path, int64_t unix_ms);
  // How large the file is that the camera is writing, or a part that stays where writing failed, by
  // its path; 0: none.
  void SetGrowing(const std::string& camera_or_part, int64_t bytes);

  // Removes the oldest files until the limits hold with so many bytes more. False where the quota
  // can't hold: there is nothing left to remove.
  bool MakeRoom(int64_t coming_bytes, int64_t now_ms);
  // Removes the oldest video, whatever the limits are, because the disk is full. False: there is
  // none.
  bool RemoveOldest();

  // Of finished and growing files.
  int64_t bytes() const;
  int64_t files() const;
  // That were removed so far, of a camera.
  int64_t removed(const std::string& camera) const;
  const ArchiveLimits& limits() const { return limits_; }

 private:
  struct File {
    std::string camera;
    std::string path;
    int64_t bytes = 0;
    bool video = false;
  };
  using Files = std::multimap<int64_t, File>;  // by time

  void ScanDay(const std::string& camera, const std::string& day_folder);
  void Put(const std::string& camera, const std::string& path, int64_t unix_ms);
  void Remove(Files::iterator file);
  int64_t Total() const;

  const std::string folder_;
  const ArchiveLimits limits_;
  const media::NoticeFn notice_;
  mutable std::mutex mutex_;  // guards what follows
  Files files_;
  int64_t finished_ = 0;                    // bytes
  std::map<std::string, int64_t> growing_;  // bytes, by camera or part
  std::map<std::string, int64_t> removed_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_ARCHIVE_H_
