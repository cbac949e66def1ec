#include "session/vmaf.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "session/child_process.h"

namespace furl::session {
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
  EXPECT_EQ(RunChild({echo, "$HOME;", "a b"}, folder->path(), {}).value(), "$HOME; a b\n");
  EXPECT_EQ(RunChild({FindProgram("pwd")}, folder->path(), {}).value(), folder->path() + "\n");
  EXPECT_EQ(RunChild({FindProgram("false")}, folder->path(), {}).status().code(), StatusCode::kIo);
  EXPECT_EQ(RunChild({"/nowhere/tool"}, folder->path(), {}).status().code(), StatusCode::kIo);
  EXPECT_EQ(FindProgram("no-such-program-here"), "");
}

TEST(ChildProcess, IsEndedWhenItsCallerSaysSo) {
  auto folder = TemporaryFolder::Create();
  ASSERT_TRUE(folder.ok());
  const auto slept = RunChild({FindProgram("sleep"), "600"}, folder->path(), [] { return true; });
  EXPECT_EQ(slept.status().code(), StatusCode::kCancelled);
}

// Stands in for libvmaf's tool, of which only the first of two scores is told.
TEST(SequenceMetricTest, EveryPairNeedsAScore) {
  const auto folder = TemporaryFolder::Create();
  ASSERT_TRUE(folder.ok());
  const std::string tool = folder->path() + "/vmaf";
  std::ofstream(tool) << R"(#!/bin/sh
echo '{"version": "0.1", "frames": [{"metrics": {"vmaf": 50.5}}]}' > vmaf.json)";
  std::filesystem::permissions(tool, std::filesystem::perms::owner_all);
  setenv("PATH", (folder->path() + ":" + std::getenv("PATH")).c_str(), 1);
  const auto vmaf = OpenSequenceMetric(*FindAnyMetric("vmaf"), 1, {});
  ASSERT_TRUE(vmaf.ok()) << vmaf.status().message();
  EXPECT_EQ(vmaf->metric->name, "vmaf");
  EXPECT_EQ(vmaf->program, tool);
  media::VideoInfo video;
  video.width = video.height = 16;
  const FramePtr frame = Frame::Create(16, 16, 8).value();
  const auto whole = vmaf->start(video);
  ASSERT_TRUE(whole.ok() && (*whole)->Add(*frame, *frame).ok());
  const auto scores = (*whole)->Finish();
  ASSERT_TRUE(scores.ok()) << scores.status().message();
  EXPECT_EQ(scores->frames, std::vector<double>{50.5});
  EXPECT_EQ(scores->version, "0.1");
  const auto half = vmaf->start(video);
  ASSERT_TRUE((*half)->Add(*frame, *frame).ok() && (*half)->Add(*frame, *frame).ok());
  EXPECT_EQ((*half)->Finish().status().code(), StatusCode::kInvalidStream);
}

TEST(SequenceMetricTest, OfOurOwnThereIsNone) {
  EXPECT_EQ(OpenSequenceMetric(*FindMetric("psnr"), 1, {}).status().code(),
            StatusCode::kUnsupported);
}

}  // namespace
}  // namespace furl::session
