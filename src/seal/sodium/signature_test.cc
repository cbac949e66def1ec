// With signatures that minisign made.

#include "seal/signature.h"

#include <gtest/gtest.h>

#include <string>

namespace furl::seal {
namespace {

constexpr char kKey[] = "RWSozuJHkN3kLMky5reFXP01uGuBPEUH6lRLsxGzTUEGOVuSyxRQmH4j";
constexpr char kSigned[] = "not a model, but signed\n";
// What `minisign -S` makes, and what `minisign -S -l` does.
constexpr char kOfHash[] =
    "untrusted comment: signature from minisign secret key\n"
    "RUSozuJHkN3kLL30B6OsHQ60ubBS/MSmDVgvcMjDp2B+4Bkp3RswUTFXX/FFVubJC/akkp7QLsGTznYez8fxCOVzy/"
    "Qikfjs1gg=\n"
    "trusted comment: furl test vector\n"
    "9v+BqVYuPrwn05d9U/d1kycV5x8uGHZGRsT59xtLjo8NfdooTwdbwql2SyEipGFS802dgxdaID3ZI7n0t/fJBA==\n";
constexpr char kOfBytes[] =
    "untrusted comment: signature from minisign secret key\n"
    "RWSozuJHkN3kLJ9q6E74nBWpyIEgDsvP4Ql3MT2QYUR/"
    "jiHgS6E67QcuNaxiZ4iKmb2h1X1bAPGG6WgwXOj1j8NGQiFpdKi"
    "TQgs=\n"
    "trusted comment: furl test vector\n"
    "lG2WoP2NsMBgBFttQOtv0bN0Gz/c1ZZ5trgqpl7hRzwAaL3jskvbHImm+rz0GNyBVHpYYq6TKL+7XefeFf3IAg==\n";

Status Check(const std::string& key, const std::string& signature, const std::string& text) {
  FURL_ASSIGN_OR_RETURN(const PublicKey parsed_key, ParsePublicKey(key));
  FURL_ASSIGN_OR_RETURN(const Signature parsed, ParseSignature(signature));
  return CheckSignature(parsed_key, parsed,
                        {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

TEST(Signature, FitsWhatWasSigned) {
  for (const char* signature : {kOfHash, kOfBytes}) {
    EXPECT_TRUE(Check(kKey, signature, kSigned).ok());
    EXPECT_EQ(Check(kKey, signature, std::string(kSigned) + "!").code(), StatusCode::kVerifyFailed);
    EXPECT_EQ(Check(kKey, signature, "").code(), StatusCode::kVerifyFailed);
  }
  EXPECT_TRUE(ParseSignature(kOfHash)->of_hash);
  EXPECT_FALSE(ParseSignature(kOfBytes)->of_hash);
  EXPECT_EQ(ParseSignature(kOfHash)->trusted_comment, "furl test vector");
}

// But for the untrusted comment, and bits of base64 that mean nothing.
TEST(Signature, RefusesEveryChange) {
  for (const std::string& signature : {std::string(kOfHash), std::string(kOfBytes)}) {
    for (size_t i = signature.find('\n') + 1; i + 1 < signature.size(); ++i) {
      std::string changed = signature;
      changed[i] = static_cast<char>(changed[i] == 'A' ? 'B' : 'A');
      EXPECT_FALSE(Check(kKey, changed, kSigned).ok()) << i;
    }
    for (size_t size = 0; size + 1 < signature.size(); ++size) {
      EXPECT_FALSE(Check(kKey, signature.substr(0, size), kSigned).ok()) << size;
    }
    EXPECT_FALSE(Check(kKey, signature + "more\n", kSigned).ok());
  }
}

TEST(Signature, NamesTheOtherKey) {
  std::string other = kKey;
  other[5] = 'q';  // of its number
  EXPECT_EQ(Check(other, kOfHash, kSigned).message(), "it is signed with another key");
  other = kKey;
  other[30] = 'q';  // of the key itself
  EXPECT_EQ(Check(other, kOfHash, kSigned).code(), StatusCode::kVerifyFailed);
}

TEST(Signature, KeysComeAsTextOrFile) {
  const std::string key = kKey;
  EXPECT_TRUE(ParsePublicKey(key + "\n").ok());
  EXPECT_TRUE(ParsePublicKey("untrusted comment: minisign public key\n" + key + "\n").ok());
  EXPECT_TRUE(ParsePublicKey("untrusted comment: x\r\n" + key + "\r\n").ok());
  for (const std::string& wrong : {std::string(), key.substr(1), key + "A", key + "\nmore",
                                   "RU" + key.substr(2), "trusted comment: x\n" + key}) {
    EXPECT_EQ(ParsePublicKey(wrong).status().code(), StatusCode::kInvalidArgument) << wrong;
  }
}

TEST(Signature, MustNotBeLong) {
  const std::string long_comment(kMaxSignatureFile, 'c');
  EXPECT_FALSE(ParseSignature("untrusted comment: " + long_comment + "\n").ok());
}

}  // namespace
}  // namespace furl::seal
