// Two processes train as one process does with the same batch.

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "toy_training.h"
#include "train/distributed/gloo_group.h"

namespace furl::test {
namespace {

constexpr char kFolder[] = "FURL_TOY_FOLDER";  // of the environment of a worker

class ToyProcesses : public ToyTraining {
 protected:
  train::TrainOptions Options(const std::string& run, int threads) const {
    train::TrainOptions options = TenSteps();
    options.run = Path(run);
    options.steps = 100;
    options.batch = 2;
    options.threads = threads;
    options.learning_rate = 1e-4;
    options.validate_every = 20;
    options.losses = {{"mse", 0.5}, {"ms-ssim", 0.5}};
    return options;
  }

  // Starts this program as one of two processes, as mpirun would.
  pid_t Start(int rank) const {
    std::vector<std::string> environment = {
        std::string(kFolder) + "=" + folder_.string(), "OMPI_COMM_WORLD_SIZE=2",
        "OMPI_COMM_WORLD_RANK=" + std::to_string(rank), "PMIX_NAMESPACE=toy."};
    for (char** variable = environ; *variable != nullptr; ++variable) {
      environment.push_back(*variable);
    }
    std::vector<std::string> words = {"toy_train_tests", "--gtest_also_run_disabled_tests",
                                      "--gtest_filter=ToyProcesses.DISABLED_Worker"};
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> list;
      for (std::string& text : texts) list.push_back(text.data());
      list.push_back(nullptr);
      return list;
    };
    pid_t pid = -1;
    const int error = posix_spawn(&pid, "/proc/self/exe", nullptr, nullptr, pointers(words).data(),
                                  pointers(environment).data());
    EXPECT_EQ(error, 0);
    return pid;
  }
};

int ExitOf(pid_t pid) {
  int status = -1;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Run by the processes that the test starts.
TEST_F(ToyProcesses, DISABLED_Worker) {
  const char* folder = std::getenv(kFolder);
  ASSERT_NE(folder, nullptr);
  UseFolder(folder);
  const Status trained = train::Train(Options("two", /*threads=*/1));
  EXPECT_TRUE(trained.ok()) << trained.message();
}

TEST_F(ToyProcesses, TwoGiveTheLossesOfOne) {
  if (!train::HasGloo()) GTEST_SKIP() << "this build trains in one process";
  WriteCache();
  const Status trained = train::Train(Options("one", /*threads=*/2));
  ASSERT_TRUE(trained.ok()) << trained.message();
  const pid_t workers[] = {Start(0), Start(1)};
  for (const pid_t worker : workers) ASSERT_EQ(ExitOf(worker), 0);

  const auto one = Scores(Path("one/log.jsonl"));
  const auto two = Scores(Path("two/log.jsonl"));
  ASSERT_EQ(one.size(), 7u);
  ASSERT_EQ(two.size(), one.size()) << "only rank 0 writes";
  for (size_t i = 0; i < one.size(); ++i) EXPECT_NEAR(two[i], one[i], 1e-5) << i;
  EXPECT_GT(std::abs(one.back() - one.front()), 1e-4) << "nothing was trained";
  const auto line_of = [&](const char* run) { return Lines(Path(run), "train").at(0); };
  for (const char* key : {"loss", "cost", "grad"}) {
    const double expected = line_of("one/log.jsonl").at(key);
    EXPECT_NEAR(line_of("two/log.jsonl").at(key).get<double>(), expected, 1e-5 * expected) << key;
  }
  EXPECT_TRUE(line_of("two/log.jsonl").at("losses").contains("ms-ssim"));
}

TEST_F(ToyProcesses, BatchesThatCannotBeSharedAreRefused) {
  WriteCache();
  train::TrainOptions options = Options("odd", 2);
  options.batch = 3;
  options.processes = 2;
  EXPECT_EQ(train::Train(options).code(), StatusCode::kInvalidArgument);
  options.batch = 4;
  options.rank = 2;
  EXPECT_EQ(train::Train(options).code(), StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace furl::test
