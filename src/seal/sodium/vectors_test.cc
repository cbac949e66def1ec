// The vectors of docs/encryption.md: files that must open for ever, and the values on the way.

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "seal/file_key.h"
#include "seal/secret.h"

namespace furl::seal {
namespace {

using Bytes = std::vector<uint8_t>;
using Values = std::map<std::string, Bytes>;

const std::string kFolder = FURL_SOURCE_DIR "/tests/seal/vectors/";

Bytes FromHex(const std::string& text) {
  Bytes bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

// "name = hexadecimal" of the lines below the one that names `file`.
Values ReadValues(const std::string& file) {
  std::ifstream in(kFolder + "values.txt");
  Values values;
  bool here = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("#")) here = line.starts_with("# " + file);
    const size_t equals = line.find(" = ");
    if (here && equals != std::string::npos) {
      values[line.substr(0, equals)] = FromHex(line.substr(equals + 3));
    }
  }
  return values;
}

Bytes SubKey(const Bytes& master, size_t size, uint64_t number, const char* context) {
  Bytes key(size);
  crypto_kdf_derive_from_key(key.data(), size, number, context, master.data());
  return key;
}

// What all records hold.
std::string OpenAll(const Bytes& file, const FileKey& key) {
  std::string all;
  auto rest = std::span(file).subspan(kHeaderSize);
  for (uint64_t number = 0;; ++number) {
    const RecordHead head = ParseRecordHead(rest.first<kRecordHeadSize>()).value();
    rest = rest.subspan(kRecordHeadSize);
    const auto plain = key.OpenRecord(number, head, [&](std::span<uint8_t> bytes) {
      std::ranges::copy(rest.first(bytes.size()), bytes.begin());
      rest = rest.subspan(bytes.size());
      return OkStatus();
    });
    EXPECT_TRUE(plain.ok()) << number;
    if (!plain.ok()) return all;
    all.append(plain->begin(), plain->end());
    if (head.last) break;
  }
  EXPECT_TRUE(rest.empty());
  return all;
}

void CheckVector(const std::string& name, const Secret& secret, size_t size) {
  const Bytes file = ReadFile(kFolder + name, 1 << 20).value();
  const auto key = FileKey::Open(std::span(file).first(kHeaderSize), secret);
  ASSERT_TRUE(key.ok()) << key.status().message();
  std::string expected;
  while (expected.size() < size) expected += "furl\n";
  EXPECT_TRUE(OpenAll(file, *key) == expected.substr(0, size));

  Values values = ReadValues(name);
  ASSERT_EQ(values.size(), 9u);
  const SealHeader header = ParseHeader(file).value();
  EXPECT_TRUE(std::ranges::equal(values["salt"], header.salt));
  EXPECT_TRUE(std::ranges::equal(values["check"], header.check));
  EXPECT_TRUE(std::ranges::equal(values["header MAC"], header.mac));
  if (secret.kind == SecretKind::kKey) {
    EXPECT_TRUE(std::ranges::equal(values["base"], secret.bytes.span()));
  }
  Bytes master(kKeySize);
  crypto_generichash(master.data(), kKeySize, header.salt.data(), kSaltSize, values["base"].data(),
                     kKeySize);
  EXPECT_EQ(values["master"], master);
  EXPECT_EQ(values["check"], SubKey(master, kCheckSize, 0, "furlchck"));
  EXPECT_EQ(values["header key"], SubKey(master, kKeySize, 0, "furlhead"));
  for (const int number : {0, 1, 2}) {
    EXPECT_EQ(values["record key " + std::to_string(number)],
              SubKey(master, kKeySize, static_cast<uint64_t>(number), "furlrecd"));
  }
}

TEST(Vectors, OfAKey) { CheckVector("key.sealed", *ReadKeyFile(kFolder + "key").value(), 65566); }

TEST(Vectors, OfAPassphrase) {
  CheckVector("passphrase.sealed", *ReadPassphraseFile(kFolder + "passphrase").value(), 25);
}

}  // namespace
}  // namespace furl::seal
