// The test locks nothing in: it is the first process, and asks as a locked one would.

#include "sandbox/output_broker.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

#include "media/output_file.h"

namespace furl::sandbox {
namespace {

namespace fs = std::filesystem;

class OutputBrokerTest : public testing::Test {
 protected:
  OutputBrokerTest() : folder_(testing::TempDir() + "/broker_test_" + std::to_string(getpid())) {
    fs::create_directories(folder_);
  }
  ~OutputBrokerTest() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  long files() const { return std::distance(fs::directory_iterator(folder_), {}); }
  static std::string Content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string folder_;
};

TEST_F(OutputBrokerTest, MakesAnOutputAndGivesItItsName) {
  const auto broker = OutputBroker::Start({{path("a"), false}}).value();
  auto file = media::OutputFile::Open(path("a"), false).value();
  EXPECT_TRUE(file->seekable());
  ASSERT_TRUE(file->Write("hello").ok());
  EXPECT_FALSE(fs::exists(path("a")));
  ASSERT_TRUE(file->Commit().ok());
  EXPECT_EQ(Content(path("a")), "hello");
  EXPECT_EQ(files(), 1);
}

TEST_F(OutputBrokerTest, RemovesWhatIsNotCommitted) {
  const auto broker = OutputBroker::Start({{path("a"), false}}).value();
  ASSERT_TRUE(media::OutputFile::Open(path("a"), false).ok());
  EXPECT_EQ(files(), 0);
  // And makes it again, as a search for a size does.
  auto file = media::OutputFile::Open(path("a"), false).value();
  ASSERT_TRUE(file->Commit().ok());
  EXPECT_EQ(files(), 1);
}

TEST_F(OutputBrokerTest, ReplacesOnlyWhatTheUserLetReplace) {
  std::ofstream(path("kept")) << "old";
  std::ofstream(path("replaced")) << "old";
  fs::permissions(path("replaced"), fs::perms::owner_all);
  const auto broker =
      OutputBroker::Start({{path("kept"), false}, {path("replaced"), true}}).value();
  EXPECT_EQ(media::OutputFile::Open(path("kept"), true).status().code(),
            StatusCode::kInvalidArgument);
  auto file = media::OutputFile::Open(path("replaced"), true).value();
  ASSERT_TRUE(file->Write("new").ok());
  ASSERT_TRUE(file->Commit().ok());
  EXPECT_EQ(Content(path("kept")), "old");
  EXPECT_EQ(Content(path("replaced")), "new");
  EXPECT_EQ(fs::status(path("replaced")).permissions(), fs::perms::owner_all);
}

TEST_F(OutputBrokerTest, ReplacesWhatItMadeItself) {
  const auto broker = OutputBroker::Start({{path("a"), false}}).value();
  ASSERT_TRUE(media::OutputFile::Open(path("a"), false).value()->Commit().ok());
  auto again = media::OutputFile::Open(path("a"), true).value();
  ASSERT_TRUE(again->Write("again").ok());
  ASSERT_TRUE(again->Commit().ok());
  EXPECT_EQ(Content(path("a")), "again");
}

TEST_F(OutputBrokerTest, MakesNothingElse) {
  const auto broker = OutputBroker::Start({{path("a"), true}}).value();
  const Status status = media::OutputFile::Open(path("b"), true).status();
  EXPECT_EQ(status.code(), StatusCode::kIo);
  EXPECT_NE(status.message().find("not an output"), std::string::npos) << status.message();
  EXPECT_EQ(media::OutputFile::Open("/nowhere/a", true).status().code(), StatusCode::kIo);
  EXPECT_EQ(files(), 0);
}

TEST_F(OutputBrokerTest, TellsWhatFails) {
  const std::string far = path("no folder/a");
  const auto broker = OutputBroker::Start({{far, false}}).value();
  const Status status = media::OutputFile::Open(far, false).status();
  EXPECT_EQ(status.code(), StatusCode::kIo);
  EXPECT_NE(status.message().find("No such file"), std::string::npos) << status.message();
}

TEST_F(OutputBrokerTest, WritesIntoDevicesAndPipesDirectly) {
  const auto broker = OutputBroker::Start({{"/dev/null", false}}).value();
  auto file = media::OutputFile::Open("/dev/null", false).value();
  EXPECT_FALSE(file->seekable());
  ASSERT_TRUE(file->Write("gone").ok());
  EXPECT_TRUE(file->Commit().ok());
}

// kill -9 gives nobody the chance to clean up but the broker.
TEST_F(OutputBrokerTest, CleansUpAfterAKilledProcess) {
  const pid_t child = fork();
  if (child == 0) {
    auto broker = OutputBroker::Start({{path("a"), false}});
    if (!broker.ok()) _exit(1);
    auto file = media::OutputFile::Open(path("a"), false);
    if (!file.ok() || !(*file)->Write("half").ok() || !(*file)->Flush().ok()) _exit(1);
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  for (int i = 0; i < 500 && files() > 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(files(), 0);
}

}  // namespace
}  // namespace furl::sandbox
