// The test locks nothing in: it is the first process, and asks as a locked one would.

#include "sandbox/output_broker.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
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
#include "media/timed_name.h"

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

TEST_F(OutputBrokerTest, RemovesWhatItMadeItself) {
  std::ofstream(path("before")) << "mine";
  std::ofstream(path("s-9.mkv")) << "mine";
  const auto broker =
      OutputBroker::Start({{path("before"), false}, {path("s-%d.mkv"), false, true}}).value();
  ASSERT_TRUE(media::OutputFile::Open(path("s-1.mkv"), false).value()->Commit().ok());
  EXPECT_TRUE(media::RemoveOutput(path("s-1.mkv")).ok());
  EXPECT_FALSE(fs::exists(path("s-1.mkv")));
  for (const char* kept : {"before", "s-9.mkv", "s-1.mkv"}) {
    EXPECT_EQ(media::RemoveOutput(path(kept)).code(), StatusCode::kIo) << kept;
  }
  EXPECT_EQ(files(), 2);
}

TEST_F(OutputBrokerTest, RemovesWhatTheUserLetReplace) {
  std::ofstream(path("old")) << "old";
  const auto broker = OutputBroker::Start({{path("old"), true}}).value();
  EXPECT_TRUE(media::RemoveOutput(path("old")).ok());
  EXPECT_TRUE(media::RemoveOutput(path("old")).ok());  // it is gone
  EXPECT_EQ(files(), 0);
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

// Pictures: as many as there are, but none over what was there.
TEST_F(OutputBrokerTest, MakesNumberedOutputs) {
  std::ofstream(path("a03.png")) << "old";
  const auto broker = OutputBroker::Start({{path("a%02d.png"), false, true}}).value();
  for (const char* name : {"a01.png", "a02.png", "a123.png"}) {
    auto file = media::OutputFile::Open(path(name), false).value();
    ASSERT_TRUE(file->Write(name).ok());
    ASSERT_TRUE(file->Commit().ok());
    EXPECT_EQ(Content(path(name)), name);
  }
  EXPECT_EQ(media::OutputFile::Open(path("a03.png"), true).status().code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(media::OutputFile::Open(path("a02.png"), true).status().code(),
            StatusCode::kInvalidArgument);
  for (const char* name : {"a1.png", "a%02d.png", "a01.jpg", "a.png"}) {
    EXPECT_EQ(media::OutputFile::Open(path(name), true).status().code(), StatusCode::kIo) << name;
  }
  EXPECT_EQ(files(), 4);
}

class EndedProcessTest : public OutputBrokerTest {
 protected:
  // Runs a process that begins an output and ends as `end` does; then waits
  // until its broker let go of it.
  void Run(void (*end)()) {
    const pid_t child = fork();
    if (child == 0) {
      auto broker = OutputBroker::Start({{path("a"), false}});
      if (!broker.ok()) _exit(1);
      auto file = media::OutputFile::Open(path("a"), false);
      if (!file.ok() || !(*file)->Write("half").ok() || !(*file)->Flush().ok()) _exit(1);
      end();
    }
    waitpid(child, nullptr, 0);
    for (int i = 0; i < 500 && IsLocked(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  // Whether somebody writes "a" still.
  bool IsLocked() const {
    const int fd = open(path("a.furl-part").c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool locked = flock(fd, LOCK_SH | LOCK_NB) != 0;
    close(fd);
    return locked;
  }
};

// By kill -9 or for lack of memory: what it had is there, under another name, and in nobody's way.
TEST_F(EndedProcessTest, AKilledOneLeavesWhatItHad) {
  Run([] { kill(getpid(), SIGKILL); });
  EXPECT_EQ(Content(path("a.furl-part")), "half");
  EXPECT_EQ(files(), 1);
  auto file = media::OutputFile::Open(path("a"), false).value();
  ASSERT_TRUE(file->Write("new").ok());
  ASSERT_TRUE(file->Commit().ok());
  EXPECT_EQ(Content(path("a")), "new");
  EXPECT_EQ(files(), 1);
}

// As a second Ctrl-C does.
TEST_F(EndedProcessTest, OneThatCanStillAskLeavesNothing) {
  Run([] {
    media::RemoveTemporaries();
    _exit(0);
  });
  EXPECT_EQ(files(), 0);
}

TEST_F(OutputBrokerTest, KeepsAnArchiveByTimes) {
  constexpr int64_t kNoon = 1'796'040'000'000;
  const auto broker = OutputBroker::Start({{path("%D/%T.mkv"), false, false, true},
                                           {path("%D/e.ndjson"), false, false, true, true}})
                          .value();
  const std::string noon = media::TimedName::Parse(path("%D/%T.mkv"))->Name(kNoon);
  {
    auto file = media::OutputFile::Open(noon, false).value();
    ASSERT_TRUE(file->Write("hello").ok());
    ASSERT_TRUE(file->Commit().ok());
  }
  EXPECT_EQ(Content(path("2026-11-30/12-00-00.mkv")), "hello");
  EXPECT_EQ(media::OutputFile::Open(noon, true).status().code(), StatusCode::kInvalidArgument)
      << "what is there is never replaced";
  // What isn't completed stays as a part.
  { ASSERT_TRUE(media::OutputFile::Open(path("2026-11-30/13-00-00.mkv"), false).ok()); }
  EXPECT_TRUE(fs::exists(path("2026-11-30/13-00-00.mkv.furl-part")));
  fs::remove(path("2026-11-30/13-00-00.mkv.furl-part"));

  ASSERT_TRUE(media::AppendLine(path("2026-11-30/e.ndjson"), "1").ok());
  std::ofstream(path("2026-11-30/e.ndjson"), std::ios::app) << "torn";
  ASSERT_TRUE(media::AppendLine(path("2026-11-30/e.ndjson"), "2").ok());
  EXPECT_EQ(Content(path("2026-11-30/e.ndjson")), "1\n2\n");
  EXPECT_FALSE(media::AppendLine(noon, "x").ok());
  EXPECT_FALSE(media::OutputFile::Open(path("2026-11-30/e.ndjson"), true).ok());
  EXPECT_FALSE(media::RemoveOutput(path("2026-11-30/other"), true).ok());

  std::ofstream(path("2026-11-30/11-00-00.mkv")) << "of before";
  EXPECT_TRUE(media::RemoveOutput(path("2026-11-30/11-00-00.mkv"), true).ok());
  EXPECT_TRUE(media::RemoveOutput(noon, true).ok());
  EXPECT_EQ(files(), 1) << "the day has events yet";
  EXPECT_TRUE(media::RemoveOutput(path("2026-11-30/e.ndjson"), true).ok());
  EXPECT_EQ(files(), 0);
}

}  // namespace
}  // namespace furl::sandbox
