#include "analysis/ranking.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "analysis/vector_scan.h"

namespace furl::analysis {
namespace {

constexpr size_t kChunk = 8192;  // rows a thread takes at a time

constexpr double kNothing = -std::numeric_limits<double>::infinity();

}  // namespace

Ranking::Ranking(ShotTable table, int threads)
    : table_(std::move(table)),
      lengths_(table_.rows.size()),
      scores_(table_.rows.size()),
      pool_(PoolThreads(threads)) {
  for (size_t i = 0; i < table_.rows.size(); ++i) {
    lengths_[i] = LengthOf(&table_.vectors[i * kVectorSize]);
    if (i == 0 || table_.rows[i].file != table_.rows[i - 1].file) groups_.push_back({i, i});
    groups_.back().end = i + 1;
  }
}

void Ranking::FindBest(const Vector& query, const std::vector<uint8_t>& skipped,
                       std::vector<Best>* best) const {
  const size_t rows = table_.rows.size();
  pool_.ParallelFor(static_cast<int>((rows + kChunk - 1) / kChunk), [&](int chunk) {
    const size_t begin = chunk * kChunk;
    const size_t count = std::min(kChunk, rows - begin);
    ScoreVectors(query, &table_.vectors[begin * kVectorSize],
                 std::span(scores_).subspan(begin, count));
  });
  const double length = LengthOf(query.data());
  const int chunks = static_cast<int>((groups_.size() + kChunk - 1) / kChunk);
  pool_.ParallelFor(chunks, [&](int chunk) {
    const size_t end = std::min(groups_.size(), (chunk + 1) * kChunk);
    for (size_t g = chunk * kChunk; g < end; ++g) {
      Best& found = (*best)[g];
      found = {kNothing, 0};
      for (size_t i = groups_[g].begin; i < groups_[g].end; ++i) {
        if (!skipped.empty() && skipped[i] != 0) continue;
        const double similarity = SimilarityOf(scores_[i], length, lengths_[i]);
        if (similarity > found.similarity) found = {similarity, i};
      }
    }
  });
}

std::vector<Answer> Ranking::AnswersOf(std::span<const Vector> query, const SkipFn& skip) const {
  std::vector<uint8_t> skipped;
  if (skip) {
    for (const ShotTable::Row& row : table_.rows) skipped.push_back(skip(row) ? 1 : 0);
  }
  std::vector<Answer> answers(groups_.size());
  std::vector<double> most(groups_.size(), kNothing);
  std::vector<Best> best(groups_.size());
  for (size_t q = 0; q < query.size(); ++q) {
    FindBest(query[q], skipped, &best);
    for (size_t g = 0; g < groups_.size(); ++g) {
      answers[g].similarity += best[g].similarity / static_cast<double>(query.size());
      if (best[g].similarity <= most[g]) continue;
      most[g] = best[g].similarity;
      answers[g].row = best[g].row;
      answers[g].query_shot = q;
    }
  }
  for (size_t g = 0; g < groups_.size(); ++g) answers[g].file = table_.rows[groups_[g].begin].file;
  std::erase_if(answers, [](const Answer& answer) { return answer.similarity == kNothing; });
  return answers;
}

std::vector<Answer> Ranking::Rank(std::span<const Vector> query, size_t most,
                                  const SkipFn& skip) const {
  std::vector<Answer> answers = AnswersOf(query, skip);
  const auto end = answers.begin() + static_cast<ptrdiff_t>(std::min(most, answers.size()));
  std::partial_sort(answers.begin(), end, answers.end(), [](const Answer& a, const Answer& b) {
    return a.similarity > b.similarity || (a.similarity == b.similarity && a.row < b.row);
  });
  answers.erase(end, answers.end());
  return answers;
}

std::vector<Vector> Ranking::VectorsOf(const Group& group) const {
  std::vector<Vector> vectors(group.end - group.begin);
  for (size_t i = 0; i < vectors.size(); ++i) {
    std::copy_n(&table_.vectors[(group.begin + i) * kVectorSize], kVectorSize, vectors[i].begin());
  }
  return vectors;
}

Result<std::vector<Ranking::Pair>> Ranking::Duplicates(
    double least, const std::function<bool()>& cancelled) const {
  std::map<std::pair<int64_t, int64_t>, double> found;
  for (const Group& group : groups_) {
    if (cancelled && cancelled()) return Status(StatusCode::kCancelled, "interrupted");
    const int64_t file = table_.rows[group.begin].file;
    for (const Answer& answer : AnswersOf(VectorsOf(group), nullptr)) {
      if (answer.similarity < least || answer.file == file) continue;
      double& similarity = found[std::minmax(file, answer.file)];
      similarity = std::max(similarity, answer.similarity);
    }
  }
  std::vector<Pair> pairs;
  for (const auto& [files, similarity] : found) {
    pairs.push_back({files.first, files.second, similarity});
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.similarity > b.similarity; });
  return pairs;
}

}  // namespace furl::analysis
