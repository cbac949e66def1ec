// Builds without SQLite (src/CMakeLists.txt).

#include "session/search/shot_store.h"

namespace furl::session {
namespace {

Status Missing() {
  return Unsupported("this build can't search: SQLite was not there when it was made");
}

}  // namespace

Result<std::unique_ptr<ShotStore>> ShotStore::Open(const std::string&) { return Missing(); }
Result<std::unique_ptr<ShotStore>> ShotStore::Edit(const std::string&) { return Missing(); }

}  // namespace furl::session
