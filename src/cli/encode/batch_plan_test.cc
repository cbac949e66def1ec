#include "cli/encode/batch_plan.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace furl::cli {
namespace {

namespace fs = std::filesystem;

// In an empty folder, which is the current one.
class BatchTest : public testing::Test {
 protected:
  void SetUp() override {
    before_ = fs::current_path();
    folder_ = fs::temp_directory_path() / ("furl_batch_" + std::to_string(getpid()));
    fs::create_directories(folder_);
    fs::current_path(folder_);
  }
  void TearDown() override {
    fs::current_path(before_);
    fs::remove_all(folder_);
  }
  static void Touch(const std::string& path) {
    if (path.find('/') != std::string::npos) fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path) << "x";
  }

  // "INPUT>OUTPUT" of each, or the error.
  static std::vector<std::string> Plan(const std::vector<std::string>& inputs,
                                       const std::string& output, bool recursive = false) {
    EncodeOptions options;
    options.output = output;
    const auto found = FindBatchInputs(inputs, recursive);
    if (!found.ok()) return {found.status().message()};
    const auto items = PlanBatch(*found, options);
    if (!items.ok()) return {items.status().message()};
    std::vector<std::string> lines;
    for (const BatchItem& item : *items) lines.push_back(item.input + ">" + item.output);
    return lines;
  }

  fs::path before_;
  fs::path folder_;
};

using Lines = std::vector<std::string>;

TEST_F(BatchTest, FoldersMeanVideosByName) {
  for (const char* name : {"in/b.MP4", "in/a.mov", "in/notes.txt", "in/.hidden.mp4", "in/x/c.mkv",
                           "in/x/y/d.ts", "in/.git/e.mp4"}) {
    Touch(name);
  }
  EXPECT_EQ(Plan({"in"}, "out/"), Lines({"in/a.mov>out/a.mkv", "in/b.MP4>out/b.mkv"}));
  EXPECT_EQ(Plan({"in/"}, "out/{dir}/{index}_{name}.{ext}.mkv", true),
            Lines({"in/a.mov>out/1_a.mov.mkv", "in/b.MP4>out/2_b.MP4.mkv",
                   "in/x/c.mkv>out/x/3_c.mkv.mkv", "in/x/y/d.ts>out/x/y/4_d.ts.mkv"}));
  fs::create_directory("empty");
  EXPECT_NE(Plan({"empty"}, "out/")[0].find("no videos in empty"), std::string::npos);
}

TEST_F(BatchTest, PatternsMeanWhatFits) {
  for (const char* name : {"b.mov", "a.mov", "a.raw", "[c].mov"}) Touch(name);
  fs::create_directory("folder.mov");
  EXPECT_EQ(Plan({"*.mov", "./a.mov"}, "o/{name}.mkv"),
            Lines({"[c].mov>o/[c].mkv", "a.mov>o/a.mkv", "b.mov>o/b.mkv"}));
  EXPECT_EQ(Plan({"[c].mov"}, "{name}.mkv"), Lines({"[c].mov>[c].mkv"}));
  EXPECT_EQ(Plan({"*.avi"}, "o/")[0], "no file is called like *.avi");
}

TEST_F(BatchTest, OutputsAreNoInputs) {
  for (const char* name : {"in/a.mp4", "in/b.mp4", "in/a.mkv"}) Touch(name);
  EXPECT_EQ(Plan({"in"}, "in/{name}.mkv"), Lines({"in/a.mp4>in/a.mkv", "in/b.mp4>in/b.mkv"}));
  // Named, it is meant.
  EXPECT_NE(Plan({"in/a.mp4", "in/a.mkv"}, "in/{name}.mkv")[0].find("would both become"),
            std::string::npos);
}

TEST_F(BatchTest, TwoOfOneNameAreRefused) {
  for (const char* name : {"in/a.mp4", "in/a.mov"}) Touch(name);
  EXPECT_EQ(Plan({"in"}, "out/")[0],
            "in/a.mov and in/a.mp4 would both become out/a.mkv; {ext}, {dir} or {index} in -o "
            "tells them apart");
  EXPECT_EQ(Plan({"in"}, "out/{name}_{ext}.mkv").size(), 2);
  fs::create_directory("out");
  fs::create_directory_symlink("out", "link");
  EXPECT_NE(Plan({"in"}, "out/../link/x{preset}.mkv")[0].find("would both"), std::string::npos);
}

TEST_F(BatchTest, OneOutputIsNotEnough) {
  Touch("a.mp4");
  EXPECT_NE(Plan({"a.mp4", "b.mp4"}, "out.mkv")[0].find("is one file"), std::string::npos);
  EncodeOptions options;
  options.output = "{name}_{crf}_{preset}.mkv";
  options.crf = 41.5;
  EXPECT_EQ(PlanBatch({{"a.mp4", "", false}}, options)->front().output, "a_41.5_medium.mkv");
  options.target = "psnr=38";
  EXPECT_EQ(PlanBatch({{"a.mp4", "", false}}, options).status().code(),
            StatusCode::kInvalidArgument);
}

TEST_F(BatchTest, IsToldByInputsAndOutput) {
  Touch("a.mp4");
  Touch("q?.mp4");
  fs::create_directory("in");
  EXPECT_FALSE(IsBatch({"a.mp4"}, "out.mkv"));
  EXPECT_FALSE(IsBatch({"-"}, "{name}.mkv"));
  EXPECT_FALSE(IsBatch({"q?.mp4"}, "out.mkv"));
  EXPECT_FALSE(IsBatch({"https://host/a.mp4?x=[1]"}, "out.mkv"));
  EXPECT_TRUE(IsBatch({"a.mp4", "b.mp4"}, "out.mkv"));
  EXPECT_TRUE(IsBatch({"in"}, "out.mkv"));
  EXPECT_TRUE(IsBatch({"*.mp4"}, "out.mkv"));
  EXPECT_TRUE(IsBatch({"a.mp4"}, "new/"));
  EXPECT_TRUE(IsBatch({"a.mp4"}, "in"));
  EXPECT_TRUE(IsBatch({"a.mp4"}, "{name}.mkv"));
}

}  // namespace
}  // namespace furl::cli
