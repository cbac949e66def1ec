// Tests of the base module: known answers, and the thread pool's promises.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <numeric>
#include <thread>
#include <vector>

#include "base/aligned_buffer.h"
#include "base/checked_math.h"
#include "base/crc32c.h"
#include "base/error_latch.h"
#include "base/exceptions.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/status.h"
#include "base/thread_pool.h"

namespace furl {
namespace {

std::vector<uint8_t> Bytes(std::string_view s) { return {s.begin(), s.end()}; }

TEST(Crc32c, KnownAnswers) {
  EXPECT_EQ(Crc32c(Bytes("123456789")), 0xE3069283u);
  EXPECT_EQ(Crc32c(std::vector<uint8_t>(32, 0)), 0x8A9136AAu);  // RFC 3720
  EXPECT_EQ(Crc32c(std::vector<uint8_t>(32, 0xFF)), 0x62A8AB43u);
}

TEST(Crc32c, ContinuesAtAnySplit) {
  std::vector<uint8_t> data(101);
  std::iota(data.begin(), data.end(), 3);
  const uint32_t whole = Crc32c(data);
  for (size_t split = 0; split <= data.size(); ++split) {
    const std::span<const uint8_t> all(data);
    EXPECT_EQ(Crc32c(all.subspan(split), Crc32c(all.first(split))), whole);
  }
}

TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(ToHex(Sha256(Bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(ToHex(Sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256(Bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(AlignedBuffer, IsAlignedZeroedAndRefusesOverflow) {
  AlignedBuffer<int16_t> buffer;
  ASSERT_TRUE(buffer.Resize(33).ok());
  EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.data()) % kBufferAlignment, 0u);
  for (int16_t v : buffer.span()) EXPECT_EQ(v, 0);
  EXPECT_EQ(buffer.Resize(SIZE_MAX / 2).code(), StatusCode::kOutOfMemory);
  EXPECT_TRUE(buffer.empty());
}

TEST(CheckedMath, ReportsOverflow) {
  EXPECT_FALSE(CheckedMul<size_t>(SIZE_MAX / 2, 3).has_value());
  EXPECT_EQ(CheckedAdd<int>(2, 3), 5);
  EXPECT_EQ(CheckedSub<int>(2, 3), -1);
  EXPECT_FALSE(CheckedSub<int64_t>(INT64_MIN, 1).has_value());
  EXPECT_EQ(RoundShift(-3, 1), -1);
  EXPECT_EQ(RoundShift(3, 1), 2);
  EXPECT_EQ(SaturateToInt16(40000), 32767);
}

TEST(ErrorLatch, KeepsTheFirstErrorAndRunsNothingAfterIt) {
  ErrorLatch latch;
  int runs = 0;
  const auto run = [&](Status status) {
    return latch.Run([&] {
      ++runs;
      return status;
    });
  };
  EXPECT_TRUE(run(OkStatus()).ok());
  EXPECT_EQ(run(TryAgain()).code(), StatusCode::kTryAgain);
  EXPECT_EQ(run(EndOfStream()).code(), StatusCode::kEndOfStream);
  EXPECT_EQ(run(InvalidArgument("refused")).code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(run(IoError("first")).message(), "first");
  EXPECT_EQ(runs, 5);
  EXPECT_EQ(run(OkStatus()).message(), "first");
  EXPECT_EQ(run(InvalidStream("second")).code(), StatusCode::kIo);
  EXPECT_EQ(runs, 5);
}

TEST(ErrorLatch, TurnsExceptionsIntoErrors) {
  ErrorLatch latch;
  EXPECT_EQ(latch.Run([]() -> Status { throw std::bad_alloc(); }).code(), StatusCode::kOutOfMemory);
  EXPECT_EQ(latch.Run([] { return OkStatus(); }).code(), StatusCode::kOutOfMemory);
}

TEST(ThreadPool, EachIndexOnceAlsoWhenNestedInJobs) {
  for (int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    std::atomic<int> jobs_done{0};
    std::vector<std::atomic<int>> hits(1000);
    for (int job = 0; job < 4; ++job) {
      pool.Submit([&] {
        pool.ParallelFor(1000, [&](int i) { hits[i].fetch_add(1); });
        jobs_done.fetch_add(1);
      });
    }
    pool.ParallelFor(1000, [&](int i) { hits[i].fetch_add(1); });
    while (jobs_done.load() < 4) std::this_thread::yield();
    for (auto& h : hits) EXPECT_EQ(h.load(), 5);
  }
}

TEST(ThreadPool, WithoutThreadsRunsEverythingOnTheCaller) {
  const std::thread::id caller = std::this_thread::get_id();
  std::mutex mutex;
  std::vector<int> order;
  {
    std::function<void(int)> job;  // outlives the pool, whose destructor runs it
    ThreadPool pool(0);
    EXPECT_EQ(pool.threads(), 0);
    job = [&](int id) {
      std::lock_guard<std::mutex> lock(mutex);
      EXPECT_EQ(std::this_thread::get_id(), caller);
      order.push_back(id);
      if (id == 2) pool.Submit([&] { order.push_back(3); });
    };
    pool.ParallelFor(2, job);
    EXPECT_EQ(order, (std::vector{0, 1}));
    {
      std::lock_guard<std::mutex> lock(mutex);  // the job takes it, but not now
      pool.Submit([&] { job(2); });
    }
    pool.RunQueued();
    EXPECT_EQ(order, (std::vector{0, 1, 2, 3}));
    pool.Submit([&] { job(4); });  // left to the destructor
  }
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4}));
}

TEST(ThreadPool, TranslatesSettings) {
  EXPECT_EQ(PoolThreads(3), 3);
  EXPECT_GE(PoolThreads(0), 1);
  EXPECT_EQ(PoolThreads(kNoThreads), 0);
}

TEST(ThreadPool, GivesTheCallerWhatABodyThrows) {
  for (int threads : {0, 1, 2, 5}) {
    ThreadPool pool(threads);
    std::atomic<int> calls{0};
    const auto body = [&](int i) {
      if (i % 100 == 3) throw std::bad_alloc();
      calls.fetch_add(1);
    };
    const Status status = CatchExceptions([&] {
      pool.ParallelFor(1000, body);
      return OkStatus();
    });
    EXPECT_EQ(status.code(), StatusCode::kOutOfMemory);
    EXPECT_EQ(calls.load(), threads > 1 ? 990 : 3);
    calls = 0;
    pool.ParallelFor(1, [&](int) { calls.fetch_add(1); });  // still in order
    EXPECT_EQ(calls.load(), 1);
  }
}

Status Fails() { return InvalidStream("bad byte"); }
Result<int> Doubled(Result<int> in) {
  FURL_ASSIGN_OR_RETURN(int v, in);
  return 2 * v;
}

TEST(Status, CarriesCodeMessageAndContext) {
  EXPECT_EQ(Fails().WithContext("packet 3").message(), "packet 3: bad byte");
  EXPECT_EQ(Doubled(21).value(), 42);
  EXPECT_EQ(Doubled(Fails()).status().code(), StatusCode::kInvalidStream);
}

TEST(File, KeepsBytesAndReplacesWholeFiles) {
  const std::string path = testing::TempDir() + "furl_base_test_file";
  for (const size_t size : {size_t{0}, size_t{1}, size_t{65536}, size_t{1000003}, size_t{17}}) {
    std::vector<uint8_t> data(size);
    std::iota(data.begin(), data.end(), uint8_t{7});
    ASSERT_TRUE(WriteFile(path, data).ok());
    EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
    const auto read = ReadFile(path, size);
    ASSERT_TRUE(read.ok()) << read.status().message();
    EXPECT_EQ(*read, data);
    if (size == 0) continue;
    EXPECT_EQ(ReadFile(path, size - 1).status().code(), StatusCode::kLimitExceeded);
  }
  std::filesystem::remove(path);
  const Status gone = ReadFile(path, 100).status();
  EXPECT_EQ(gone.code(), StatusCode::kIo);
  EXPECT_NE(gone.message().find(path), std::string::npos) << gone.message();
  EXPECT_EQ(ReadFile(testing::TempDir(), 100).status().code(), StatusCode::kIo);  // a folder
  EXPECT_EQ(ReadFile("/dev/zero", 1000).status().code(), StatusCode::kLimitExceeded);
  EXPECT_EQ(WriteFile(path + "/none", {}).code(), StatusCode::kIo);
}

// What is given up leaves the old file, or none.
TEST(File, PiecesAreThereWhenAllAre) {
  const std::string path = testing::TempDir() + "furl_file_pieces";
  const std::vector<uint8_t> a(1000, 1), b(70000, 2);
  for (const bool commit : {false, true, false}) {
    const bool before = std::filesystem::exists(path);
    {
      FileWriter writer = FileWriter::Open(path).value();
      ASSERT_TRUE(writer.Write(a).ok());
      ASSERT_TRUE(writer.Write(b).ok());
      EXPECT_EQ(std::filesystem::exists(path), before);
      if (commit) {
        EXPECT_TRUE(writer.Commit().ok());
      }
    }
    EXPECT_EQ(std::filesystem::exists(path), before || commit);
    EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
  }
  std::vector<uint8_t> both = a;
  both.insert(both.end(), b.begin(), b.end());
  EXPECT_EQ(ReadFile(path, 100000).value(), both);
  std::filesystem::remove(path);
  EXPECT_EQ(FileWriter::Open(path + "/none").status().code(), StatusCode::kIo);
}

// A device or a pipe takes the bytes and stays what it is.
TEST(File, WhatIsNoRegularFileIsNotReplaced) {
  const std::string path = testing::TempDir() + "furl_file_test_pipe";
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const std::vector<uint8_t> data(1000, 7);
  std::vector<uint8_t> read;
  std::thread reader([&] {
    auto bytes = ReadFile(path, 2000);
    if (bytes.ok()) read = *bytes;
  });
  EXPECT_TRUE(WriteFile(path, data).ok());
  reader.join();
  EXPECT_EQ(read, data);
  EXPECT_TRUE(std::filesystem::is_fifo(path));
  std::filesystem::remove(path);
  // Through a link, so that a WriteFile that renames replaces the link alone.
  std::filesystem::create_symlink("/dev/full", path);
  EXPECT_EQ(WriteFile(path, data).code(), StatusCode::kIo);
  EXPECT_TRUE(std::filesystem::is_symlink(path));
  std::filesystem::remove(path);
  EXPECT_EQ(WriteFile(testing::TempDir(), data).code(), StatusCode::kIo);  // a folder
}

}  // namespace
}  // namespace furl
