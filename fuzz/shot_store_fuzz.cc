// Indexes that `furl search` opens: any bytes as a file of SQLite. What is accepted fits what
// rankings allow for, and can be stored again.
//
// Input: the file.

#include <cmath>

#include "fuzz/fuzz_util.h"
#include "fuzz/memory_file.h"
#include "session/search/shot_store.h"

namespace furl {
namespace {

using analysis::kVectorSize;

Status ReadAll(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const auto store, session::ShotStore::Open(path));
  FURL_ASSIGN_OR_RETURN(const auto files, store->Files());
  for (const session::StoredFile& file : files) FUZZ_CHECK(file.path.starts_with('/'));
  FURL_ASSIGN_OR_RETURN(const analysis::ShotTable table, store->Shots());
  FUZZ_CHECK(table.vectors.size() == table.rows.size() * kVectorSize);
  for (const int8_t value : table.vectors) FUZZ_CHECK(value != -128);
  for (const analysis::ShotTable::Row& row : table.rows) {
    FUZZ_CHECK(std::isfinite(row.begin) && std::isfinite(row.end) && row.begin <= row.end);
    const auto picture = store->Picture(row.id);
    if (picture.ok()) FUZZ_CHECK(session::CheckPicture(*picture).ok());
  }
  FURL_ASSIGN_OR_RETURN(const auto copy, session::ShotStore::Edit(path));
  session::StoredShot shot;
  if (!table.rows.empty()) shot.begin = table.rows[0].begin;
  shot.end = shot.begin;
  FURL_RETURN_IF_ERROR(copy->Replace({0, "/a", 1, 1, 1.0}, {&shot, 1}));
  return copy->Shots().status();
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const furl::MemoryFile file({data, size});
  const furl::Status status = furl::ReadAll(file.path());
  if (!status.ok()) FUZZ_CHECK(!status.message().empty());
  return 0;
}
