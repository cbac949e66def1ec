#include "seal/file_key.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "seal/secret.h"

namespace furl::seal {
namespace {

constexpr KeyCost kCheap = {1, 8};

Secret Passphrase(const std::string& text) {
  Secret secret;
  secret.kind = SecretKind::kPassphrase;
  secret.bytes = SecureBytes::Create(text.size()).value();
  std::ranges::copy(text, secret.bytes.span().begin());
  return secret;
}

TEST(FileKey, OpensWithItsPassphraseAlone) {
  const FileKey key = FileKey::Create(Passphrase("correct horse"), kCheap).value();
  EXPECT_TRUE(FileKey::Open(key.header(), Passphrase("correct horse")).ok());
  const Status wrong = FileKey::Open(key.header(), Passphrase("correct horsf")).status();
  EXPECT_EQ(wrong.code(), StatusCode::kVerifyFailed);
  EXPECT_EQ(wrong.message(), "wrong passphrase");
}

TEST(FileKey, SaysWhichKindOfSecretIsNeeded) {
  const FileKey key = FileKey::Create(Passphrase("x"), kCheap).value();
  Secret file;
  file.bytes = SecureBytes::Create(kKeySize).value();
  const Status status = FileKey::Open(key.header(), file).status();
  EXPECT_EQ(status.message(), "it is sealed with a passphrase, not with a key file");
}

TEST(FileKey, TellsAChangedHeaderFromAWrongKey) {
  const FileKey key = FileKey::Create(Passphrase("x"), kCheap).value();
  auto header = key.header();
  header[kMacAt] ^= 1;
  const Status status = FileKey::Open(header, Passphrase("x")).status();
  EXPECT_EQ(status.code(), StatusCode::kVerifyFailed);
  EXPECT_EQ(status.message(), "the header of the sealed file was changed");
}

// Before any of it is spent.
TEST(FileKey, RefusesCostsAboveTheLimits) {
  SealHeader header;
  header.kind = SecretKind::kPassphrase;
  const auto code = [&](uint32_t passes, uint32_t kib) {
    header.cost = {passes, kib};
    std::array<uint8_t, kHeaderSize> bytes = {};
    std::ranges::copy(HeaderStart(header), bytes.begin());
    return FileKey::Open(bytes, Passphrase("x")).status().code();
  };
  EXPECT_EQ(code(kMaxPasses + 1, 8), StatusCode::kLimitExceeded);
  EXPECT_EQ(code(1, kMaxMemoryKib + 1), StatusCode::kLimitExceeded);
  EXPECT_EQ(code(5, kMaxMemoryKib), StatusCode::kLimitExceeded);
  EXPECT_EQ(code(0, 8), StatusCode::kInvalidStream);
  EXPECT_EQ(code(1, 7), StatusCode::kInvalidStream);
  EXPECT_EQ(code(kMaxPasses, 8), StatusCode::kVerifyFailed);
}

TEST(FileKey, FilesOfOneSecretHaveKeysOfTheirOwn) {
  const FileKey a = FileKey::Create(Passphrase("x"), kCheap).value();
  const FileKey b = FileKey::Create(Passphrase("x"), kCheap).value();
  EXPECT_NE(a.header(), b.header());
}

TEST(FileKey, RefusesWhatIsNoRecord) {
  const FileKey key = FileKey::Create(Passphrase("x"), kCheap).value();
  std::vector<uint8_t> sealed;
  EXPECT_FALSE(key.SealRecord(0, {}, /*last=*/false, &sealed).ok());
  EXPECT_FALSE(key.SealRecord(kMaxRecords, std::vector<uint8_t>(1), false, &sealed).ok());
  EXPECT_FALSE(key.SealRecord(0, std::vector<uint8_t>(kMaxRecordBytes + 1), false, &sealed).ok());
  EXPECT_TRUE(sealed.empty());
}

class SecretFile : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }
  const std::string& Write(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary) << bytes;
    return path_;
  }
  std::string path_ = testing::TempDir() + "seal_secret";
};

TEST_F(SecretFile, KeysHave32Bytes) {
  EXPECT_TRUE(ReadKeyFile(Write(std::string(32, '\n'))).ok());
  EXPECT_EQ(ReadKeyFile(Write(std::string(31, 'k'))).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadKeyFile(Write(std::string(33, 'k'))).status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadKeyFile(path_ + ".none").status().code(), StatusCode::kIo);
}

TEST_F(SecretFile, PassphrasesAreTheFirstLine) {
  const auto read = [this](const std::string& bytes) -> std::string {
    const auto secret = ReadPassphraseFile(Write(bytes));
    if (!secret.ok()) return "error";
    const auto text = (*secret)->bytes.span();
    return {text.begin(), text.end()};
  };
  EXPECT_EQ(read("one two"), "one two");
  EXPECT_EQ(read("one two\n"), "one two");
  EXPECT_EQ(read("one two\r\nthree\n"), "one two");
  EXPECT_EQ(read("\n"), "error");
  EXPECT_EQ(read(""), "error");
  EXPECT_EQ(read(std::string(1024, 'p') + "\n"), std::string(1024, 'p'));
  EXPECT_EQ(read(std::string(1025, 'p')), "error");
}

}  // namespace
}  // namespace furl::seal
