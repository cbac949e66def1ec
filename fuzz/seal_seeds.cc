// Seeds of encrypted files and of signatures.

#include <string>

#include "fuzz/seeds.h"
#include "seal/file_key.h"

namespace furl {
namespace {

constexpr char kKey[] = "RWSozuJHkN3kLMky5reFXP01uGuBPEUH6lRLsxGzTUEGOVuSyxRQmH4j";
constexpr char kSigned[] = "not a model, but signed\n";
// By that key: of the hash, and of the text itself.
constexpr const char* kSignatures[] = {
    "untrusted comment: signature from minisign secret key\n"
    "RUSozuJHkN3kLL30B6OsHQ60ubBS/MSmDVgvcMjDp2B+4Bkp3RswUTFXX/FFVubJC/akkp7QLsGTznYez8fxCOVzy/"
    "Qikfjs1gg=\n"
    "trusted comment: furl test vector\n"
    "9v+BqVYuPrwn05d9U/d1kycV5x8uGHZGRsT59xtLjo8NfdooTwdbwql2SyEipGFS802dgxdaID3ZI7n0t/fJBA==\n",
    "untrusted comment: signature from minisign secret key\n"
    "RWSozuJHkN3kLJ9q6E74nBWpyIEgDsvP4Ql3MT2QYUR/"
    "jiHgS6E67QcuNaxiZ4iKmb2h1X1bAPGG6WgwXOj1j8NGQiFpdKi"
    "TQgs=\n"
    "trusted comment: furl test vector\n"
    "lG2WoP2NsMBgBFttQOtv0bN0Gz/c1ZZ5trgqpl7hRzwAaL3jskvbHImm+rz0GNyBVHpYYq6TKL+7XefeFf3IAg==\n"};

// With the key of the target, which is zeros.
Result<Bytes> SealedFile(int records) {
  seal::Secret secret;
  FURL_ASSIGN_OR_RETURN(secret.bytes, seal::SecureBytes::Create(seal::kKeySize));
  FURL_ASSIGN_OR_RETURN(const seal::FileKey key, seal::FileKey::Create(secret, {}));
  Bytes file(key.header().begin(), key.header().end());
  for (int i = 0; i < records; ++i) {
    const Bytes plain(static_cast<size_t>(20 + i), static_cast<uint8_t>(i));
    FURL_RETURN_IF_ERROR(key.SealRecord(static_cast<uint64_t>(i), plain, i + 1 == records, &file));
  }
  return file;
}

Bytes Text(const std::string& text) { return {text.begin(), text.end()}; }

}  // namespace

Status WriteSealSeeds(const std::filesystem::path& root) {
  const std::filesystem::path folder = root / "seal";
  for (int i = 0; i < 3; ++i) {
    FURL_ASSIGN_OR_RETURN(Bytes file, SealedFile(1 + i));
    file.insert(file.begin(), 0);  // the mode
    WriteSeed(folder, i, file);
  }
  // Two records and three; the third time with a change.
  WriteSeed(folder, 3, {1, 1, 0, 0, 30, 'a', 1, 0, 20, 'b'});
  WriteSeed(folder, 4, {1, 2, 4, 0, 30, 'a', 0, 0, 9, 'b', 1, 0, 0, 'c'});
  WriteSeed(folder, 5, {1, 1, 0, 0, 30, 'a', 1, 0, 20, 'b', 0, 0, 99, 1});
  const std::string separator(1, '\0');
  for (int i = 0; i < 2; ++i) {
    WriteSeed(folder, 6 + i,
              Text("\x02" + std::string(kKey) + separator + kSignatures[i] + separator + kSigned));
  }
  return OkStatus();
}

}  // namespace furl
