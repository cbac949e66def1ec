#include "session/search/search_run.h"

#include <chrono>
#include <filesystem>
#include <limits>
#include <utility>

#include "session/search/index_run.h"

namespace furl::session {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// What overlaps the part that is asked for.
bool IsAskedFor(const analysis::ShotTable::Row& row, const VideoPart& part) {
  const double end =
      part.duration > 0 ? part.start + part.duration : std::numeric_limits<double>::infinity();
  return row.begin < end && row.end > part.start;
}

}  // namespace

Result<std::unique_ptr<SearchRun>> SearchRun::Open(const std::string& store,
                                                   const ShotOptions& options) {
  std::unique_ptr<SearchRun> run(new SearchRun(options));
  FURL_ASSIGN_OR_RETURN(run->store_, ShotStore::Open(store));
  Result<std::vector<StoredFile>> files = run->store_->Files();
  if (!files.ok()) return files.status().WithContext(store);
  for (StoredFile& file : *files) run->files_[file.id] = std::move(file.path);
  Result<analysis::ShotTable> table = run->store_->Shots();
  if (!table.ok()) return table.status().WithContext(store);
  for (const analysis::ShotTable::Row& row : table->rows) {
    if (run->files_.count(row.file) == 0) {
      return InvalidStream(store + ": shot " + std::to_string(row.id) + " is of no file");
    }
  }
  run->ranking_ = std::make_unique<analysis::Ranking>(std::move(*table), options.threads);
  return run;
}

Result<SearchResult> SearchRun::Search(const Query& query) {
  SearchResult result;
  auto start = Clock::now();
  FURL_ASSIGN_OR_RETURN(const VideoShots video, ShotReader(options_).Read(query.path, query.part));
  std::vector<analysis::Vector> vectors;
  for (const analysis::Shot& shot : video.shots) {
    FURL_ASSIGN_OR_RETURN(StoredShot stored, Stored(shot, video.color, /*picture=*/true));
    vectors.push_back(stored.vector);
    result.pictures.push_back(std::move(stored.picture));
  }
  result.read_seconds = SecondsSince(start);

  std::error_code error;
  const std::string own = std::filesystem::canonical(query.path, error).string();
  const auto is_own = [&](const analysis::ShotTable::Row& row) {
    return files_.at(row.file) == own && IsAskedFor(row, query.part);
  };
  start = Clock::now();
  const std::vector<analysis::Answer> answers =
      ranking_->Rank(vectors, static_cast<size_t>(query.most), is_own);
  result.scan_seconds = SecondsSince(start);
  for (const analysis::Answer& answer : answers) {
    FURL_ASSIGN_OR_RETURN(result.matches.emplace_back(), MatchOf(answer, video));
  }
  return result;
}

Result<Match> SearchRun::MatchOf(const analysis::Answer& answer, const VideoShots& query) {
  const analysis::ShotTable::Row& row = ranking_->table().rows[answer.row];
  Match match;
  match.path = files_.at(answer.file);
  match.similarity = answer.similarity;
  match.begin = row.begin;
  match.end = row.end;
  match.query_begin = query.shots[answer.query_shot].begin;
  FURL_ASSIGN_OR_RETURN(match.picture, store_->Picture(row.id));
  return match;
}

Result<std::vector<DuplicatePair>> SearchRun::Duplicates(double least) {
  FURL_ASSIGN_OR_RETURN(const auto pairs, ranking_->Duplicates(least, options_.hooks.cancelled));
  std::vector<DuplicatePair> named;
  for (const analysis::Ranking::Pair& pair : pairs) {
    named.push_back({files_.at(pair.first), files_.at(pair.second), pair.similarity});
  }
  return named;
}

}  // namespace furl::session
