#include "train/loop/schedule.h"

#include <gtest/gtest.h>

namespace furl::train {
namespace {

RunSettings Of(const char* schedule) {
  RunSettings settings;
  settings.schedule = schedule;
  settings.learning_rate = 2;
  settings.warmup = 10;
  settings.decay_part = 0.25;
  settings.steps = 100;
  return settings;
}

TEST(Schedule, WarmsUpAndThenFollowsItsLaw) {
  for (const char* name : {"decay", "constant", "cosine", "plateau"}) {
    EXPECT_DOUBLE_EQ(LearningRate(Of(name), 4, 0), 1) << name << ": half way up";
    EXPECT_DOUBLE_EQ(LearningRate(Of(name), 9, 0), 2) << name;
  }
  EXPECT_DOUBLE_EQ(LearningRate(Of("decay"), 75, 0.75), 2);
  EXPECT_DOUBLE_EQ(LearningRate(Of("decay"), 87, 0.875), 1);
  EXPECT_DOUBLE_EQ(LearningRate(Of("decay"), 99, 1), 0);
  EXPECT_DOUBLE_EQ(LearningRate(Of("constant"), 99, 1), 2);
  EXPECT_DOUBLE_EQ(LearningRate(Of("plateau"), 99, 1), 2);
  EXPECT_NEAR(LearningRate(Of("cosine"), 50, 0.5), 1, 1e-12);
  EXPECT_NEAR(LearningRate(Of("cosine"), 99, 1), 0, 1e-12);
  RunSettings cold = Of("constant");
  cold.warmup = 0;
  EXPECT_DOUBLE_EQ(LearningRate(cold, 0, 0), 2);
}

TEST(Schedule, ProgressIsThatOfStepsOrClock) {
  RunSettings settings = Of("decay");
  EXPECT_DOUBLE_EQ(PartPassed(settings, 25, 1000), 0.25);
  settings.minutes = 10;
  EXPECT_DOUBLE_EQ(PartPassed(settings, 25, 5), 0.5);
  EXPECT_DOUBLE_EQ(PartPassed(settings, 25, 50), 1);
}

TEST(Gains, HalveTheRateOnPlateausAndStop) {
  RunSettings settings = Of("plateau");
  settings.plateau = 2;
  settings.early_stop = 4;
  Gains gains;
  EXPECT_TRUE(gains.Add(1.0, 0, settings));
  EXPECT_TRUE(gains.Add(0.5, 100, settings));
  EXPECT_FALSE(gains.Add(0.49999, 200, settings)) << "hardly better";
  EXPECT_EQ(gains.rate_factor(), 1);
  EXPECT_FALSE(gains.Add(0.6, 300, settings));
  EXPECT_EQ(gains.rate_factor(), 0.5);
  EXPECT_FALSE(gains.Stop(settings));
  EXPECT_FALSE(gains.Add(0.6, 400, settings));
  EXPECT_FALSE(gains.Add(0.6, 500, settings));
  EXPECT_EQ(gains.rate_factor(), 0.25);
  EXPECT_TRUE(gains.Stop(settings));
  settings.early_stop = 0;
  EXPECT_FALSE(gains.Stop(settings));
}

TEST(Gains, GoOnWhereACheckpointLeftThem) {
  RunSettings settings = Of("plateau");
  settings.plateau = 1;
  settings.early_stop = 3;
  Gains gains;
  gains.Add(1.0, 0, settings);
  gains.Add(2.0, 100, settings);
  std::map<std::string, std::string> metadata;
  gains.Append(metadata);
  Gains loaded;
  loaded.Load({});  // of an older trainer
  loaded.Load(metadata);
  EXPECT_EQ(loaded.rate_factor(), 0.5);
  EXPECT_FALSE(loaded.Add(2.0, 100, settings)) << "the first validation of a run that goes on";
  EXPECT_EQ(loaded.rate_factor(), 0.5);
  EXPECT_FALSE(loaded.Add(2.0, 200, settings));
  EXPECT_FALSE(loaded.Stop(settings));
  EXPECT_FALSE(loaded.Add(2.0, 300, settings));
  EXPECT_TRUE(loaded.Stop(settings));
}

}  // namespace
}  // namespace furl::train
