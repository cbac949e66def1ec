// Runs of consecutive frames, from the writer of a cache to batches.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "train/data/batch_source.h"
#include "train/data/cache_writer.h"
#include "train/data/frame_cache.h"
#include "train/losses/planes.h"

namespace furl::train {
namespace {

constexpr int kWidth = 96;
constexpr int kHeight = 80;
constexpr int kRun = 4;

class Sequences : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Clips with frames of one value each.
  void Write(const std::vector<std::vector<uint8_t>>& clips, int sequence) const {
    CacheWriter writer(folder_, sequence);
    for (size_t c = 0; c < clips.size(); ++c) {
      writer.Begin({.name = std::to_string(c),
                    .width = kWidth,
                    .height = kHeight,
                    .held_out = c + 1 == clips.size()});
      for (const uint8_t value : clips[c]) {
        ASSERT_TRUE(writer.Add(std::vector<uint8_t>(kWidth * kHeight * 3 / 2, value)).ok());
      }
      writer.End();
    }
    ASSERT_TRUE(writer.Finish(1).ok());
  }
  // The values of a cached clip's frames.
  static std::vector<int> Values(const FrameCache& cache, const CachedClip& clip) {
    std::vector<int> values;
    for (int i = 0; i < clip.frames; ++i) values.push_back(*cache.Picture(clip, i));
    return values;
  }
  Result<BatchSource> Open(int sequence, bool held_out = false) const {
    BatchOptions options;
    options.cache = folder_;
    options.sequence = sequence;
    options.crop = 64;
    options.batch = 3;
    options.held_out = held_out;
    options.augmentation.brightness = options.augmentation.contrast = 0;
    options.augmentation.noise = 0;
    return MakeBatchSource(options);
  }

  const std::string folder_ =
      std::filesystem::temp_directory_path() / ("furl_sequences_" + std::to_string(getpid()));
};

TEST_F(Sequences, WholeRunsWithoutCutsAreKept) {
  // A cut between 30 and 200; the run after it is whole, the last one is not.
  Write({{10, 12, 14, 16, 18, 20, 30, 200, 202, 204, 206, 208, 210}, {7, 8}}, kRun);
  const auto cache = FrameCache::Open(folder_);
  ASSERT_TRUE(cache.ok()) << cache.status().message();
  ASSERT_EQ((*cache)->clips().size(), 1U) << "a clip shorter than a run is left out";
  const CachedClip& clip = (*cache)->clips()[0];
  EXPECT_EQ(clip.Run(), kRun);
  EXPECT_EQ(Values(**cache, clip), (std::vector<int>{10, 12, 14, 16, 200, 202, 204, 206}));
}

TEST_F(Sequences, WithoutThemAllFramesAreKept) {
  Write({{10, 200, 10}, {1, 2}}, 0);
  const auto cache = FrameCache::Open(folder_);
  ASSERT_TRUE(cache.ok());
  ASSERT_EQ((*cache)->clips().size(), 2U);
  EXPECT_EQ((*cache)->clips()[0].Run(), 3);
  EXPECT_EQ(Values(**cache, (*cache)->clips()[1]), (std::vector<int>{1, 2}));
}

TEST_F(Sequences, BatchesHoldConsecutiveFramesOfOneRun) {
  Write({{10, 12, 14, 16, 18, 20, 22, 24}, {30, 33, 36, 39}}, kRun);
  const auto source = Open(3);
  ASSERT_TRUE(source.ok()) << source.status().message();
  bool backward = false;
  bool forward = false;
  for (int i = 0; i < 30; ++i) {
    const Batch batch = (*source)(-1);
    ASSERT_EQ(batch.original.dim(), 5);
    ASSERT_EQ(batch.original.size(0), 3);
    ASSERT_EQ(batch.original.size(1), 3);
    ASSERT_EQ(batch.original.size(2), kPackedChannels);
    const int64_t side = batch.original.size(3) * 8;
    EXPECT_EQ(batch.pixels_per_item(), 3 * side * side);
    for (int n = 0; n < 3; ++n) {
      const auto value = [&](int t) {
        return ToPlanes(batch.original[n][t].unsqueeze(0)).luma[0][0][5][7].item<float>();
      };
      const float step = value(1) - value(0);
      ASSERT_EQ(std::abs(step), 2);
      ASSERT_EQ(value(2) - value(1), step) << "across two runs, or of another order";
      // Runs are 10 to 16 and 18 to 24.
      ASSERT_EQ(value(0) < 17, value(2) < 17);
      (step > 0 ? forward : backward) = true;
    }
  }
  EXPECT_TRUE(forward && backward);
}

TEST_F(Sequences, HeldOutOnesPlayForwardAndKeepTheQp) {
  Write({{10, 12, 14, 16}, {30, 33, 36, 39}}, kRun);
  const auto source = Open(kRun, /*held_out=*/true);
  ASSERT_TRUE(source.ok()) << source.status().message();
  const Batch batch = (*source)(28);
  const auto luma = ToPlanes(batch.original[0]).luma;
  for (int t = 0; t < kRun; ++t) EXPECT_EQ(luma[t].min().item<float>(), 30 + 3 * t);
  EXPECT_EQ(batch.qp.min().item<float>(), 28);
  EXPECT_EQ(batch.pred.sizes(), batch.original.sizes());
}

TEST_F(Sequences, LongerOnesThanTheCacheHasAreRefused) {
  Write({{10, 12, 14, 16, 18, 20, 22, 24}, {30, 33, 36, 39}}, kRun);
  const auto source = Open(kRun + 1);
  EXPECT_EQ(source.status().code(), StatusCode::kInvalidArgument);
  EXPECT_NE(source.status().message().find("5"), std::string::npos) << source.status().message();
}

}  // namespace
}  // namespace furl::train
