#include "analysis/ranking.h"

#include <gtest/gtest.h>

#include <random>

namespace furl::analysis {
namespace {

Vector RandomVector(std::mt19937& random) {
  std::uniform_int_distribution<int> number(-60, 60);
  Vector vector;
  for (int8_t& v : vector) v = static_cast<int8_t>(number(random));
  return vector;
}

// Three vectors for each of the files 10, 20, ...
ShotTable MakeTable(int files, std::vector<Vector>* vectors) {
  std::mt19937 random(7);
  ShotTable table;
  for (int i = 0; i < 3 * files; ++i) {
    vectors->push_back(RandomVector(random));
    table.rows.push_back({i + 1, 10 * (i / 3 + 1), i % 3 * 2.0, i % 3 * 2.0 + 2});
    table.vectors.insert(table.vectors.end(), vectors->back().begin(), vectors->back().end());
  }
  return table;
}

TEST(Ranking, FindsTheVideoAndTheShot) {
  std::vector<Vector> vectors;
  const Ranking ranking(MakeTable(5000, &vectors), 3);  // more than a chunk
  for (const size_t row : {0, 4, 8191, 8192, 14999}) {
    const std::vector<Answer> answers = ranking.Rank({{vectors[row]}}, 3, nullptr);
    ASSERT_EQ(answers.size(), 3u);
    EXPECT_EQ(answers[0].row, row);
    EXPECT_EQ(answers[0].file, static_cast<int64_t>(10 * (row / 3 + 1)));
    EXPECT_DOUBLE_EQ(answers[0].similarity, 1);
    EXPECT_LT(answers[1].similarity, 0.6);
    EXPECT_GE(answers[1].similarity, answers[2].similarity);
  }
}

TEST(Ranking, AllShotsOfTheQueryCount) {
  std::vector<Vector> vectors;
  const Ranking ranking(MakeTable(4, &vectors), 1);
  // Two shots of the second video, one of the third.
  const std::vector<Answer> answers =
      ranking.Rank({{vectors[3], vectors[6], vectors[5]}}, 9, nullptr);
  EXPECT_EQ(answers[0].file, 20);
  EXPECT_EQ(answers[1].file, 30);
  EXPECT_EQ(answers[1].query_shot, 1u);
  EXPECT_EQ(answers[1].row, 6u);
}

TEST(Ranking, PassesOverWhatIsSkipped) {
  std::vector<Vector> vectors;
  const Ranking ranking(MakeTable(4, &vectors), 1);
  const auto skip = [](const ShotTable::Row& row) { return row.file == 20; };
  const std::vector<Answer> answers = ranking.Rank({{vectors[3]}}, 9, skip);
  ASSERT_EQ(answers.size(), 3u);
  for (const Answer& answer : answers) EXPECT_NE(answer.file, 20);
}

TEST(Ranking, DuplicatesAreFoundOnceAlsoInParts) {
  std::vector<Vector> vectors;
  ShotTable table = MakeTable(6, &vectors);
  // Another file, which is a part of the third.
  table.rows.push_back({100, 99, 0, 1});
  table.vectors.insert(table.vectors.end(), vectors[7].begin(), vectors[7].end());
  const Ranking ranking(std::move(table), 2);
  const auto pairs = ranking.Duplicates(0.9, nullptr);
  ASSERT_TRUE(pairs.ok());
  ASSERT_EQ(pairs->size(), 1u);
  EXPECT_EQ(pairs->front().first, 30);
  EXPECT_EQ(pairs->front().second, 99);
  EXPECT_DOUBLE_EQ(pairs->front().similarity, 1);
  EXPECT_EQ(ranking.Duplicates(0.9, [] { return true; }).status().code(), StatusCode::kCancelled);
}

TEST(Ranking, AnEmptyIndexHasNoAnswers) {
  const Ranking ranking(ShotTable(), 2);
  EXPECT_TRUE(ranking.Rank({{Vector{}}}, 9, nullptr).empty());
}

}  // namespace
}  // namespace furl::analysis
