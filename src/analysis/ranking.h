// Ranking: which videos of an index are most like a query, by an exact scan of all shots.

#ifndef FURL_ANALYSIS_RANKING_H_
#define FURL_ANALYSIS_RANKING_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "analysis/descriptor.h"
#include "base/status.h"
#include "base/thread_pool.h"

namespace furl::analysis {

// All shots of an index, those of a file behind each other in order of time.
struct ShotTable {
  struct Row {
    int64_t id = 0;
    int64_t file = 0;
    double begin = 0;
    double end = 0;
  };
  std::vector<Row> rows;
  std::vector<int8_t> vectors;  // kVectorSize for each row
};

// How a video answers a query.
struct Answer {
  int64_t file = 0;  // as in the table
  // Mean over the query's shots of how much the most similar one of the video is like it: 1 where
  // the vectors are the same, about 0 for videos that have nothing in common.
  double similarity = 0;
  size_t row = 0;         // the most similar one of all
  size_t query_shot = 0;  // that it is like
};

class Ranking {
 public:
  // `threads` as PoolThreads takes it.
  Ranking(ShotTable table, int threads);

  const ShotTable& table() const { return table_; }

  // The `most` videos that answer best, best first; equal ones in the order of the table. Rows that
  // `skip` wants are passed over; it may be empty.
  using SkipFn = std::function<bool(const ShotTable::Row& row)>;
  std::vector<Answer> Rank(std::span<const Vector> query, size_t most, const SkipFn& skip) const;

  struct Pair {
    int64_t first = 0;  // files
    int64_t second = 0;
    double similarity = 0;  // of the shorter one's shots with the other's, or the reverse
  };
  // All pairs of videos of which one is at least so much like the other, best first. kCancelled
  // when `cancelled`, which may be empty, says so.
  Result<std::vector<Pair>> Duplicates(double least, const std::function<bool()>& cancelled) const;

 private:
  // The rows of a file.
  struct Group {
    size_t begin = 0;
    size_t end = 0;
  };
  struct Best {
    double similarity = 0;
    size_t row = 0;
  };

  // Of each group the row that is most like `query`.
  void FindBest(const Vector& query, const std::vector<uint8_t>& skipped,
                std::vector<Best>* best) const;
  // Of all videos that have a row which isn't skipped, in the order of the table.
  std::vector<Answer> AnswersOf(std::span<const Vector> query, const SkipFn& skip) const;
  std::vector<Vector> VectorsOf(const Group& group) const;

  const ShotTable table_;
  std::vector<double> lengths_;  // of rows
  std::vector<Group> groups_;
  mutable std::vector<int32_t> scores_;  // of the scan at work
  mutable ThreadPool pool_;
};

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_RANKING_H_
