#include "train/distributed/process_group.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "train/distributed/gloo_group.h"

namespace furl::train {
namespace {

// Variables of the environment that go away with the test.
class Environment : public testing::Test {
 protected:
  void TearDown() override {
    for (const std::string& name : set_) unsetenv(name.c_str());
  }
  void Set(const std::string& name, const char* value) {
    setenv(name.c_str(), value, 1);
    set_.push_back(name);
  }
  std::vector<std::string> set_;
};

TEST_F(Environment, OfNoLauncherMeansAlone) {
  const auto place = PlaceFromEnvironment();
  ASSERT_TRUE(place.ok());
  EXPECT_EQ(place->size, 1);
  EXPECT_EQ(LaunchName(), "");
}

TEST_F(Environment, OfMpirunAndSrunSaysThePlace) {
  const char* const launchers[][2] = {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"},
                                      {"PMI_RANK", "PMI_SIZE"},
                                      {"SLURM_PROCID", "SLURM_NTASKS"}};
  for (const auto& [rank, size] : launchers) {
    Set(rank, "2");
    Set(size, "4");
    const auto place = PlaceFromEnvironment();
    ASSERT_TRUE(place.ok()) << rank;
    EXPECT_EQ(place->rank, 2) << rank;
    EXPECT_EQ(place->size, 4) << rank;
    Set(size, "2");
    EXPECT_FALSE(PlaceFromEnvironment().ok()) << rank;
    Set(size, "many");
    EXPECT_FALSE(PlaceFromEnvironment().ok()) << rank;
    TearDown();
  }
}

TEST_F(Environment, TellsLaunchesApartInNamesForFiles) {
  Set("SLURM_PROCID", "0");
  Set("SLURM_NTASKS", "2");
  Set("SLURM_JOB_ID", "12/3");
  Set("SLURM_STEP_ID", "4");
  EXPECT_EQ(LaunchName(), "12-3-4");
}

TEST(ProcessGroup, OfOneChangesNothing) {
  const auto group = ProcessGroup::Join({});
  ASSERT_TRUE(group.ok());
  EXPECT_TRUE((*group)->first());
  auto values = torch::ones({3});
  (*group)->Sum(values);
  (*group)->Broadcast(values);
  EXPECT_TRUE(torch::equal(values, torch::ones({3})));
}

TEST(ProcessGroup, NeedsAPlaceToMeet) {
  const auto group = ProcessGroup::Join({{0, 2}, ""});
  EXPECT_EQ(group.status().code(), StatusCode::kInvalidArgument);
}

// Threads stand in for processes: a group shares nothing but what it sends.
TEST(ProcessGroup, SumsAndSharesTensorsOfAnyLayout) {
  if (!HasGloo()) GTEST_SKIP() << "this build trains in one process";
  const std::string file =
      std::filesystem::temp_directory_path() / ("furl_meeting_" + std::to_string(getpid()));
  std::filesystem::remove(file);
  constexpr int kSize = 3;
  std::vector<Tensor> sums(kSize), shared(kSize);
  std::vector<Status> failures(kSize);
  const auto work = [&](int rank) {
    const auto group = ProcessGroup::Join({{rank, kSize}, file});
    failures[rank] = group.status();
    if (!group.ok()) return;
    const auto memory = torch::MemoryFormat::ChannelsLast;
    sums[rank] = torch::full({2, 3, 4, 5}, rank + 1.0).contiguous(memory);
    shared[rank] = (torch::arange(6.0F).reshape({2, 3}).t() + 10 * rank).requires_grad_();
    (*group)->Sum(sums[rank]);
    (*group)->Broadcast(shared[rank]);
  };
  std::vector<std::thread> others;
  for (int rank = 1; rank < kSize; ++rank) others.emplace_back(work, rank);
  work(0);
  for (auto& other : others) other.join();
  std::filesystem::remove(file);
  for (int rank = 0; rank < kSize; ++rank) {
    ASSERT_TRUE(failures[rank].ok()) << failures[rank].message();
    EXPECT_TRUE(torch::equal(sums[rank], torch::full({2, 3, 4, 5}, 6.0))) << rank;
    EXPECT_TRUE(torch::equal(shared[rank], shared[0])) << rank;
  }
}

}  // namespace
}  // namespace furl::train
