// What is under the final name is whole, after a power cut as well.

#include "media/output_file.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "media/test_clips.h"

namespace {

std::atomic<int> synced{0};
std::atomic<bool> disk_fails{false};

}  // namespace

// Takes the place of the C library's in this program.
extern "C" int fsync(int fd) {
  if (disk_fails) {
    errno = EIO;
    return -1;
  }
  ++synced;
  return static_cast<int>(syscall(SYS_fsync, fd));
}

namespace furl::media {
namespace {

TEST(OutputFileTest, BytesAreOnTheDiskBeforeTheNameIs) {
  TestFolder dir;
  synced = 0;
  auto file = OutputFile::Open(dir / "a", false).value();
  ASSERT_TRUE(file->Write("text").ok());
  EXPECT_EQ(synced, 0);
  ASSERT_TRUE(file->Commit().ok());
  EXPECT_EQ(synced, 2);  // the file, then the folder
  EXPECT_EQ(FileText(dir / "a"), "text");
}

TEST(OutputFileTest, WhatTheDiskRefusesReplacesNothing) {
  TestFolder dir;
  std::ofstream(dir / "a") << "before";
  auto file = OutputFile::Open(dir / "a", true).value();
  ASSERT_TRUE(file->Write("after").ok());
  disk_fails = true;
  const Status committed = file->Commit();
  disk_fails = false;
  EXPECT_EQ(committed.code(), StatusCode::kIo);
  EXPECT_EQ(FileText(dir / "a"), "before");
  file.reset();
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 1);
}

TEST(OutputFileTest, WhatAKilledRunLeftIsWrittenAnew) {
  TestFolder dir;
  std::ofstream(dir / "a.furl-part") << "a long beginning of something";
  auto file = OutputFile::Open(dir / "a", false).value();
  ASSERT_TRUE(file->Write("text").ok());
  ASSERT_TRUE(file->Commit().ok());
  EXPECT_EQ(FileText(dir / "a"), "text");
  EXPECT_FALSE(std::filesystem::exists(dir / "a.furl-part"));
}

TEST(OutputFileTest, TwoCannotWriteTheSame) {
  TestFolder dir;
  auto file = OutputFile::Open(dir / "a", false).value();
  const auto second = OutputFile::Open(dir / "a", false);
  EXPECT_EQ(second.status().code(), StatusCode::kIo);
  EXPECT_NE(second.status().message().find("another run"), std::string::npos);
  ASSERT_TRUE(file->Write("text").ok());
  ASSERT_TRUE(file->Commit().ok());
  EXPECT_EQ(FileText(dir / "a"), "text");
  EXPECT_TRUE(OutputFile::Open(dir / "a", true).ok());
}

TEST(OutputFileTest, NothingIsWrittenThroughLinks) {
  TestFolder dir;
  std::ofstream(dir / "precious") << "before";
  for (const bool symbolic : {true, false}) {
    const std::string part = dir / "a.furl-part";
    symbolic ? std::filesystem::create_symlink(dir / "precious", part)
             : std::filesystem::create_hard_link(dir / "precious", part);
    EXPECT_EQ(OutputFile::Open(dir / "a", false).status().code(), StatusCode::kIo);
    EXPECT_EQ(FileText(dir / "precious"), "before");
    std::filesystem::remove(part);
  }
}

TEST(OutputFileTest, HandsOverWhatIsWritten) {
  std::vector<uint8_t> got;
  const auto file = OutputFile::HandOver([&](std::span<const uint8_t> bytes) {
    got.insert(got.end(), bytes.begin(), bytes.end());
    return got.size() > 3 ? IoError("full") : OkStatus();
  });
  EXPECT_FALSE(file->seekable());
  ASSERT_TRUE(file->Write("abc").ok());
  ASSERT_TRUE(file->Flush().ok());
  EXPECT_EQ(got.size(), 3u);
  ASSERT_TRUE(file->Write("d").ok());
  EXPECT_EQ(file->Commit().code(), StatusCode::kIo);
  EXPECT_EQ(file->Write("e").code(), StatusCode::kIo);
}

// A full disk that has room once something else is removed.
TEST(OutputFileTest, WritesOnWhereRoomIsMade) {
  if (access("/dev/full", W_OK) != 0) GTEST_SKIP();
  auto file = OutputFile::Open("/dev/full", true).value();
  int asked = 0;
  file->set_make_room([&asked] { return ++asked < 3; });
  ASSERT_TRUE(file->Write("text").ok());
  EXPECT_EQ(file->Flush().code(), StatusCode::kIo);
  EXPECT_EQ(asked, 3);
}

TEST(OutputFileTest, ARecordingStaysAsAPart) {
  TestFolder dir;
  PlaceOptions options;
  options.keeps_part = options.makes_folder = true;
  {
    auto file = OutputFile::Open(dir / "day/a", options).value();
    ASSERT_TRUE(file->Write("text").ok());
    ASSERT_TRUE(file->Flush().ok());
    RemoveTemporaries();
  }
  EXPECT_EQ(FileText(dir / "day/a.furl-part"), "text");
}

TEST(OutputFileTest, LinesAreWhole) {
  TestFolder dir;
  std::ofstream(dir / "lines") << "of a run that was ki";
  ASSERT_TRUE(AppendLine(dir / "lines", "one").ok());
  std::ofstream(dir / "lines", std::ios::app) << "tw";
  ASSERT_TRUE(AppendLine(dir / "lines", "two").ok());
  EXPECT_EQ(FileText(dir / "lines"), "one\ntwo\n");
  EXPECT_EQ(AppendLine(dir / "lines/no", "x").code(), StatusCode::kIo);
}

}  // namespace
}  // namespace furl::media
