// IndexRun: videos and folders of them into a ShotStore; what is there unchanged stays.

#ifndef FURL_SESSION_SEARCH_INDEX_RUN_H_
#define FURL_SESSION_SEARCH_INDEX_RUN_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "session/search/shot_reader.h"
#include "session/search/shot_store.h"

namespace furl::session {

// A file that was looked at.
struct IndexedFile {
  std::string path;  // absolute
  Status status;     // why it isn't in the index
  int64_t shots = 0;
  double seconds = 0;  // of video
  bool encoded = false;
  int64_t damaged = 0;  // places that were passed over
};

struct IndexOptions {
  ShotOptions shots;
  std::vector<std::string> inputs;  // files, or folders with all that is in them
  std::string store;
  bool prune = false;                                 // also removes files that are no longer there
  bool pictures = true;                               // keeps a small one of each shot, for pages
  std::function<void(const IndexedFile& file)> done;  // after each; may be empty
};

struct IndexOutcome {
  int64_t indexed = 0;
  int64_t unchanged = 0;  // same size and time of change
  int64_t failed = 0;
  int64_t removed = 0;
  int64_t files = 0;  // in the index, now
  int64_t shots = 0;  // of those that were indexed
  double seconds = 0;
};

// Errors are those of the store and of inputs that aren't there; files that can't be read are
// counted. What was indexed before an interruption (kCancelled) is saved.
Result<IndexOutcome> RunIndex(const IndexOptions& options);

// What is stored of a shot.
Result<StoredShot> Stored(const analysis::Shot& shot, const ColorTags& color, bool picture);

}  // namespace furl::session

#endif  // FURL_SESSION_SEARCH_INDEX_RUN_H_
