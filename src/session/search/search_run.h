// SearchRun: questions to an index, with answers as people and programs want them.

#ifndef FURL_SESSION_SEARCH_SEARCH_RUN_H_
#define FURL_SESSION_SEARCH_SEARCH_RUN_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "analysis/ranking.h"
#include "base/status.h"
#include "session/search/shot_reader.h"
#include "session/search/shot_store.h"

namespace furl::session {

// A video of the index that is like the query.
struct Match {
  std::string path;
  double similarity = 0;  // as Answer has it
  double begin = 0;       // seconds: its shot that is most like one of the query's
  double end = 0;
  double query_begin = 0;  // that one
  std::string picture;     // of the shot, as StoredShot has it
};

struct Query {
  std::string path;
  VideoPart part;
  int most = 10;  // answers
};

struct SearchResult {
  std::vector<Match> matches;  // best first
  // Of the query's shots; as StoredShot has them.
  std::vector<std::string> pictures;
  double read_seconds = 0;  // that looking at the query took
  double scan_seconds = 0;  // and the comparison with all shots
};

struct DuplicatePair {
  std::string first;
  std::string second;
  double similarity = 0;
};

class SearchRun {
 public:
  // Reads all of an index but its pictures; errors as ShotStore::Open has them.
  static Result<std::unique_ptr<SearchRun>> Open(const std::string& store,
                                                 const ShotOptions& options);

  int64_t shots() const { return static_cast<int64_t>(ranking_->table().rows.size()); }
  int64_t files() const { return static_cast<int64_t>(files_.size()); }

  // The query need not be in the index. If it is, the part that is asked for is no answer.
  Result<SearchResult> Search(const Query& query);

  // As Ranking::Duplicates.
  Result<std::vector<DuplicatePair>> Duplicates(double least);

 private:
  explicit SearchRun(const ShotOptions& options) : options_(options) {}

  Result<Match> MatchOf(const analysis::Answer& answer, const VideoShots& query);

  const ShotOptions options_;
  std::unique_ptr<ShotStore> store_;
  std::map<int64_t, std::string> files_;  // paths by id
  std::unique_ptr<analysis::Ranking> ranking_;
};

// A page of the answers, one file that needs no network. Written under a temporary name and
// renamed.
Status WriteSearchPage(const std::string& path, const Query& query, const SearchResult& result);

}  // namespace furl::session

#endif  // FURL_SESSION_SEARCH_SEARCH_RUN_H_
