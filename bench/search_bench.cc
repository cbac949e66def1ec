// A query to an index of a million shots, as furl search asks it: the exact scan of all vectors,
// the best of each video, and the ten videos that are most alike. Beside it the scan alone, by SIMD
// kernels and by the scalar definition.
//
//   search_bench --benchmark_out=results.json
//
// The argument is the number of threads. "ms" is wall time, which means little on a busy machine;
// "cpu_ms" is processor time of all threads.

#include <benchmark/benchmark.h>

#include <ctime>
#include <random>
#include <vector>

#include "analysis/ranking.h"
#include "analysis/vector_scan.h"

namespace furl::analysis {
namespace {

constexpr int kRows = 1'000'000;
constexpr int kRowsOfFile = 20;

double ProcessSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

const ShotTable& Table() {
  static const ShotTable table = [] {
    std::mt19937 random(1);
    ShotTable made;
    made.vectors.resize(size_t{kRows} * kVectorSize);
    for (int8_t& v : made.vectors) v = static_cast<int8_t>(static_cast<int>(random() % 255) - 127);
    for (int i = 0; i < kRows; ++i) made.rows.push_back({i, i / kRowsOfFile, 0, 1});
    return made;
  }();
  return table;
}

Vector Query() {
  Vector query;
  std::copy_n(Table().vectors.end() - kVectorSize, kVectorSize, query.begin());
  return query;
}

template <typename Body>
void Measure(benchmark::State& state, const Body& body) {
  const double start = ProcessSeconds();
  for (auto unused : state) body();
  state.counters["cpu_ms"] =
      1000 * (ProcessSeconds() - start) / static_cast<double>(state.iterations());
  state.counters["rows"] = kRows;
}

void QueryOfAMillion(benchmark::State& state) {
  const Ranking ranking(Table(), static_cast<int>(state.range(0)));
  const Vector query = Query();
  Measure(state, [&] {
    const std::vector<Answer> answers = ranking.Rank({&query, 1}, 10, nullptr);
    if (answers.at(0).row != kRows - 1) state.SkipWithError("not found");
  });
}

void ScanAlone(benchmark::State& state) {
  const Vector query = Query();
  std::vector<int32_t> scores(kRows);
  Measure(state, [&] {
    ScoreVectors(query, Table().vectors.data(), scores);
    benchmark::DoNotOptimize(scores.data());
  });
}

void ScalarScan(benchmark::State& state) {
  const Vector query = Query();
  std::vector<int32_t> scores(kRows);
  Measure(state, [&] {
    for (int i = 0; i < kRows; ++i) {
      scores[i] = ScoreScalar(query.data(), &Table().vectors[size_t{kVectorSize} * i]);
    }
    benchmark::DoNotOptimize(scores.data());
  });
}

BENCHMARK(QueryOfAMillion)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(ScanAlone)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(ScalarScan)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace furl::analysis

BENCHMARK_MAIN();
