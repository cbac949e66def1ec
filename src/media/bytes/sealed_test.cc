// Sealed files: what is written comes back, and nothing of what was changed.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include "base/file.h"
#include "media/bytes/fd_bytes.h"
#include "media/bytes/memory_bytes.h"
#include "media/bytes/sealed_bytes.h"
#include "media/output_file.h"
#include "seal/file_key.h"

namespace furl::media {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes Numbers(size_t size, int first) {
  Bytes bytes(size);
  std::iota(bytes.begin(), bytes.end(), static_cast<uint8_t>(first));
  return bytes;
}

Bytes Joined(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

seal::Secret KeyOf(uint8_t fill) {
  seal::Secret secret;
  secret.bytes = seal::SecureBytes::Create(seal::kKeySize).value();
  std::ranges::fill(secret.bytes.span(), fill);
  return secret;
}

class Sealed : public testing::Test {
 protected:
  void SetUp() override {
    if (!seal::CanSeal()) GTEST_SKIP() << "this build has no encryption";
    path_ = testing::TempDir() + "sealed_test.furl";
    secret_ = KeyOf(7);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  // A file of those parts, as writers make it: the first is written again at the end.
  Bytes Seal(const std::vector<Bytes>& parts, const seal::Secret& secret) {
    auto plain = OutputFile::Open(path_, /*overwrite=*/true).value();
    auto file = OutputFile::Seal(std::move(plain), secret).value();
    EXPECT_TRUE(file->Write(Bytes(parts[0].size())).ok());
    for (size_t i = 1; i < parts.size(); ++i) {
      EXPECT_TRUE(file->EndPart().ok());
      EXPECT_TRUE(file->Write(parts[i]).ok());
    }
    EXPECT_TRUE(file->Seek(0).ok());
    EXPECT_TRUE(file->Write(parts[0]).ok());
    EXPECT_TRUE(file->Commit().ok());
    Bytes sealed = ReadFile(path_, 1 << 30).value();
    EXPECT_EQ(file->stored(), static_cast<int64_t>(sealed.size()));
    return sealed;
  }

  // All that can be read; `error` is why no more.
  Bytes ReadAll(const Bytes& sealed, bool seekable, Status* error) {
    auto bytes =
        SealedBytes::Open(std::make_shared<MemoryBytes>(sealed, seekable), "x.mkv", secret_);
    *error = bytes.status();
    Bytes all;
    while (error->ok()) {
      Bytes piece(100);
      const auto n = (*bytes)->Read(static_cast<int64_t>(all.size()), piece);
      *error = n.status();
      if (!n.ok() || *n == 0) break;
      all.insert(all.end(), piece.begin(), piece.begin() + static_cast<ptrdiff_t>(*n));
    }
    return all;
  }

  // Refused, and what was given before is a whole number of `parts`.
  void ExpectRefused(const Bytes& sealed, const std::vector<Bytes>& parts,
                     const std::string& what) {
    for (const bool seekable : {true, false}) {
      Status error;
      const Bytes read = ReadAll(sealed, seekable, &error);
      ASSERT_FALSE(error.ok()) << what;
      bool whole = false;
      for (size_t n = 0; n <= parts.size(); ++n) {
        whole |= read == Joined({parts.begin(), parts.begin() + static_cast<ptrdiff_t>(n)});
      }
      EXPECT_TRUE(whole) << what << ": " << read.size() << " bytes";
    }
  }

  std::string path_;
  seal::Secret secret_;
};

// Of a record in a file of parts of known sizes.
std::vector<Bytes> SplitRecords(const Bytes& sealed, const std::vector<Bytes>& parts) {
  std::vector<Bytes> pieces = {{sealed.begin(), sealed.begin() + seal::kHeaderSize}};
  size_t at = seal::kHeaderSize;
  for (const Bytes& part : parts) {
    const size_t size = seal::RecordHead{static_cast<uint32_t>(part.size()), false}.sealed_size();
    pieces.emplace_back(sealed.begin() + static_cast<ptrdiff_t>(at),
                        sealed.begin() + static_cast<ptrdiff_t>(at + size));
    at += size;
  }
  EXPECT_EQ(at, sealed.size());
  return pieces;
}

const std::vector<Bytes> kParts = {Numbers(30, 1), Numbers(50, 100), Numbers(50, 33),
                                   Numbers(40, 77)};

TEST_F(Sealed, ComesBack) {
  const std::vector<Bytes> parts = {Numbers(300, 1), Numbers(200000, 2), Numbers(65536, 3)};
  const Bytes sealed = Seal(parts, secret_);
  for (const bool seekable : {true, false}) {
    Status error;
    EXPECT_TRUE(ReadAll(sealed, seekable, &error) == Joined(parts));
    EXPECT_TRUE(error.ok()) << error.message();
  }
}

TEST_F(Sealed, IsReadFromAnywhere) {
  const std::vector<Bytes> parts = {Numbers(300, 1), Numbers(200000, 2), Numbers(70000, 3)};
  const Bytes all = Joined(parts);
  const auto bytes =
      SealedBytes::Open(std::make_shared<MemoryBytes>(Seal(parts, secret_), true), "x.mkv", secret_)
          .value();
  EXPECT_EQ(bytes->Size().value(), static_cast<int64_t>(all.size()));
  for (const size_t at : {250000, 0, 299, 300, 200299, 150000, 270299, 200300, 1}) {
    Bytes piece(10);
    const size_t n = bytes->Read(static_cast<int64_t>(at), piece).value();
    ASSERT_GT(n, 0u) << at;
    EXPECT_TRUE(std::equal(piece.begin(), piece.begin() + static_cast<ptrdiff_t>(n),
                           all.begin() + static_cast<ptrdiff_t>(at)))
        << at;
  }
  Bytes piece(10);
  EXPECT_EQ(bytes->Read(static_cast<int64_t>(all.size()), piece).value(), 0u);
}

TEST_F(Sealed, GoesThroughAPipe) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Bytes sealed = Seal(kParts, secret_);
  ASSERT_EQ(write(ends[1], sealed.data(), sealed.size()), static_cast<ssize_t>(sealed.size()));
  close(ends[1]);
  const auto bytes = SealedBytes::Open(
      std::make_shared<FdBytes>(ends[0], "pipe", Bytes(), CancelFn()), "pipe", secret_);
  ASSERT_TRUE(bytes.ok()) << bytes.status().message();
  Bytes all;
  Bytes piece(64);
  while (const size_t n = (*bytes)->Read(static_cast<int64_t>(all.size()), piece).value()) {
    all.insert(all.end(), piece.begin(), piece.begin() + static_cast<ptrdiff_t>(n));
  }
  EXPECT_TRUE(all == Joined(kParts));
}

TEST_F(Sealed, RefusesEveryChangedByte) {
  const Bytes sealed = Seal(kParts, secret_);
  for (size_t i = 0; i < sealed.size(); ++i) {
    for (const int bit : {0, 7}) {
      Bytes changed = sealed;
      changed[i] ^= static_cast<uint8_t>(1 << bit);
      ExpectRefused(changed, kParts, "byte " + std::to_string(i));
    }
  }
}

TEST_F(Sealed, RefusesEveryCut) {
  const Bytes sealed = Seal(kParts, secret_);
  for (size_t size = 0; size < sealed.size(); ++size) {
    const Bytes cut(sealed.begin(), sealed.begin() + static_cast<ptrdiff_t>(size));
    ExpectRefused(cut, kParts, "size " + std::to_string(size));
    // Where it can be seen at once, nothing is given at all.
    Status error;
    EXPECT_TRUE(ReadAll(cut, /*seekable=*/true, &error).empty());
  }
  Bytes longer = sealed;
  longer.push_back(0);
  ExpectRefused(longer, kParts, "a byte more");
}

TEST_F(Sealed, RefusesOtherOrders) {
  const std::vector<Bytes> pieces = SplitRecords(Seal(kParts, secret_), kParts);
  const Bytes &h = pieces[0], &a = pieces[1], &b = pieces[2], &c = pieces[3], &d = pieces[4];
  ExpectRefused(Joined({h, a, c, b, d}), kParts, "swapped");
  ExpectRefused(Joined({h, a, c, d}), kParts, "dropped");
  ExpectRefused(Joined({h, a, b, b, c, d}), kParts, "repeated");
  ExpectRefused(Joined({h, b, c, d}), kParts, "without the first");
  ExpectRefused(Joined({h, a, b, c}), kParts, "without the last");
  Bytes ended = c;
  ended[4] = 1;
  ExpectRefused(Joined({h, a, b, ended}), kParts, "another one called the last");
}

// The key is the same, the files are two.
TEST_F(Sealed, RefusesPartsOfOthers) {
  const std::vector<Bytes> one = SplitRecords(Seal(kParts, secret_), kParts);
  const std::vector<Bytes> two = SplitRecords(Seal(kParts, secret_), kParts);
  ExpectRefused(Joined({one[0], one[1], two[2], one[3], one[4]}), kParts, "a part");
  ExpectRefused(Joined({two[0], one[1], one[2], one[3], one[4]}), kParts, "the header");
}

TEST_F(Sealed, SaysThatTheKeyIsWrong) {
  const Bytes sealed = Seal(kParts, KeyOf(8));
  for (const bool seekable : {true, false}) {
    Status error;
    EXPECT_TRUE(ReadAll(sealed, seekable, &error).empty());
    EXPECT_EQ(error.code(), StatusCode::kVerifyFailed);
    EXPECT_EQ(error.message(), "x.mkv: wrong key");
  }
}

TEST_F(Sealed, NamesThePlace) {
  Bytes sealed = Seal(kParts, secret_);
  const size_t second = SplitRecords(sealed, kParts)[0].size() + 30 + 46;
  sealed[second + 40] ^= 1;
  Status error;
  EXPECT_EQ(ReadAll(sealed, true, &error), kParts[0]);
  EXPECT_EQ(error.message(), "x.mkv: record 1 (byte " + std::to_string(second) +
                                 "): was changed, or is not what belongs there");
}

TEST_F(Sealed, ReachesTheDiskOnlySealed) {
  const std::string text = "a text that nobody may read";
  Bytes part(text.begin(), text.end());
  const Bytes sealed = Seal({part, part, part}, secret_);
  EXPECT_EQ(std::search(sealed.begin(), sealed.end(), text.begin() + 2, text.begin() + 10),
            sealed.end());
}

}  // namespace
}  // namespace furl::media
