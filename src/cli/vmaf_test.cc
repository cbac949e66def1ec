#include "cli/vmaf.h"

#include <gtest/gtest.h>

namespace furl::cli {
namespace {

TEST(VmafLog, ScoresOfFrames) {
  // The shape libvmaf 2 and 3 write, shortened.
  const auto scores = ParseVmafLog(R"({
    "version": "2.3.1", "fps": 30.1,
    "frames": [
      {"frameNum": 0, "metrics": {"integer_motion2": 0.0, "vmaf": 97.428043}},
      {"frameNum": 1, "metrics": {"integer_motion2": 3.9, "vmaf": 100}}],
    "pooled_metrics": {"vmaf": {"min": 97.4, "max": 100, "mean": 98.7, "harmonic_mean": 98.7}},
    "aggregate_metrics": {}})");
  ASSERT_TRUE(scores.ok()) << scores.status().message();
  EXPECT_EQ(scores->version, "2.3.1");
  EXPECT_EQ(scores->frames, (std::vector<double>{97.428043, 100}));
}

TEST(VmafLog, WhatIsNoLog) {
  for (const char* text : {"", "[]", "{", "{}", R"({"frames": 3})", R"({"frames": [3]})",
                           R"({"frames": [{"metrics": {}}]})", R"({"frames": [{"metrics": 1}]})",
                           R"({"frames": [{"metrics": {"vmaf": "97"}}]})",
                           R"({"frames": [{"metrics": {"vmaf": nan}}]})"}) {
    EXPECT_EQ(ParseVmafLog(text).status().code(), StatusCode::kInvalidStream) << text;
  }
}

TEST(ChildProcess, RunsInItsFolderWithoutAShell) {
  auto folder = TemporaryFolder::Create();
  ASSERT_TRUE(folder.ok());
  const std::string echo = FindProgram("echo");
  ASSERT_FALSE(echo.empty());
  EXPECT_EQ(RunChild({echo, "$HOME;", "a b"}, folder->path()).value(), "$HOME; a b\n");
  EXPECT_EQ(RunChild({FindProgram("pwd")}, folder->path()).value(), folder->path() + "\n");
  EXPECT_EQ(RunChild({FindProgram("false")}, folder->path()).status().code(), StatusCode::kIo);
  EXPECT_EQ(RunChild({"/nowhere/tool"}, folder->path()).status().code(), StatusCode::kIo);
  EXPECT_EQ(FindProgram("no-such-program-here"), "");
}

}  // namespace
}  // namespace furl::cli
