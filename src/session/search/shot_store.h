// ShotStore: the file that `furl index` makes: which videos there are, and their shots. SQLite,
// where the build has it; else all of it is kUnsupported.
//
// Such a file may be a stranger's. Whatever it holds is checked when it is read: what does not
// fit is kInvalidStream, with its place.

#ifndef FURL_SESSION_SEARCH_SHOT_STORE_H_
#define FURL_SESSION_SEARCH_SHOT_STORE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "analysis/descriptor.h"
#include "analysis/ranking.h"
#include "base/status.h"

namespace furl::session {

struct StoredFile {
  int64_t id = 0;
  std::string path;      // absolute
  int64_t bytes = 0;     // as it was when it was indexed, as is
  int64_t modified = 0;  // nanoseconds since 1970
  double seconds = 0;
};

struct StoredShot {
  double begin = 0;  // seconds
  double end = 0;
  analysis::Vector vector = {};
  std::string picture;  // kPictureStart and base64; empty: none
};

inline constexpr char kPictureStart[] = "data:image/jpeg;base64,";
inline constexpr size_t kMostPictureBytes = 16 << 10;
inline constexpr int64_t kMostShots = 50'000'000;

class ShotStore {
 public:
  // For reading. kIo where there is no such file, kUnsupported where it was made by another
  // version, kInvalidStream where it is none or damaged.
  static Result<std::unique_ptr<ShotStore>> Open(const std::string& path);
  // A copy in memory to be changed and saved; empty where there is no such file.
  static Result<std::unique_ptr<ShotStore>> Edit(const std::string& path);
  virtual ~ShotStore() = default;

  virtual Result<std::vector<StoredFile>> Files() = 0;
  virtual Result<analysis::ShotTable> Shots() = 0;
  // Of a row; "" where it has none.
  virtual Result<std::string> Picture(int64_t row) = 0;

  // Only of what Edit gave:
  // Instead of whatever there was for that path; the file's id doesn't count.
  virtual Status Replace(const StoredFile& file, std::span<const StoredShot> shots) = 0;
  virtual Status Remove(int64_t file) = 0;
  // Writes all under a temporary name and renames it.
  virtual Status Save(const std::string& path) = 0;
};

// What a reader of rows checks, with a word about what is wrong.
Status CheckFile(const StoredFile& file);
Status CheckTimes(double begin, double end);
Status CheckVector(std::span<const uint8_t> bytes);
Status CheckPicture(const std::string& picture);

}  // namespace furl::session

#endif  // FURL_SESSION_SEARCH_SHOT_STORE_H_
