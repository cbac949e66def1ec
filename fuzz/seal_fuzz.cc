// Sealed files (docs/encryption.md) read with their key, and signatures. Of a sealed file nothing
// is given but whole records that were sealed for their places.
//
// Input: mode. 0: a file as it is. 1: how records are sealed (flags, size), then changes of single
// bytes of that file (place, value). 2: a public key, 0, a signature, 0, what is signed.

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

#include "fuzz/fuzz_util.h"
#include "media/bytes/memory_bytes.h"
#include "media/bytes/sealed_bytes.h"
#include "seal/file_key.h"
#include "seal/signature.h"

namespace furl::media {
namespace {

constexpr size_t kMostRecords = 8;

// Flags of a record in mode 1.
constexpr int kLast = 1;
constexpr int kOfAnotherPlace = 2;
constexpr int kLong = 4;

const seal::Secret& Key() {
  static const seal::Secret* const key = [] {
    auto* made = new seal::Secret;
    made->bytes = seal::SecureBytes::Create(seal::kKeySize).value();
    return made;
  }();
  return *key;
}

const seal::FileKey& FileKey() {
  static const auto* const key = new seal::FileKey(seal::FileKey::Create(Key(), {}).value());
  return *key;
}

// Everything that can be read; `whole`: nothing was refused.
Bytes ReadAll(const Bytes& file, bool seekable, bool* whole) {
  Bytes all;
  auto bytes = SealedBytes::Open(std::make_shared<MemoryBytes>(file, seekable), "f", Key());
  *whole = bytes.ok();
  while (*whole) {
    Bytes piece(10000);
    const auto n = (*bytes)->Read(static_cast<int64_t>(all.size()), piece);
    *whole = n.ok();
    if (!n.ok() || *n == 0) break;
    all.insert(all.end(), piece.begin(), piece.begin() + static_cast<ptrdiff_t>(*n));
  }
  return all;
}

void CheckRecords(FuzzInput input) {
  Bytes file(FileKey().header().begin(), FileKey().header().end());
  std::vector<size_t> ends = {0};  // of what may be given
  Bytes plain;
  bool right = true;  // so far
  bool ended = false;
  const size_t count = 1 + input.Byte() % kMostRecords;
  for (size_t i = 0; i < count; ++i) {
    const int flags = input.Byte();
    const Bytes part(input.Number(2) + ((flags & kLong) != 0 ? 65536 : 0), input.Byte());
    const bool last = (flags & kLast) != 0;
    const uint64_t number = (flags & kOfAnotherPlace) != 0 ? i + 1 : i;
    if (!FileKey().SealRecord(number, part, last, &file).ok()) return;
    right &= number == i && !ended;
    ended |= last;
    if (!right) continue;
    plain.insert(plain.end(), part.begin(), part.end());
    ends.push_back(plain.size());
  }
  const bool changed = !input.empty();
  while (!input.empty()) {
    const size_t at = input.Number(3) % file.size();
    file[at] ^= input.Byte();
  }
  for (const bool seekable : {true, false}) {
    bool whole = false;
    const Bytes given = ReadAll(file, seekable, &whole);
    FUZZ_CHECK(std::ranges::find(ends, given.size()) != ends.end());
    FUZZ_CHECK(std::equal(given.begin(), given.end(), plain.begin()));
    FUZZ_CHECK(!whole || (given.size() == plain.size() && right && ended));
    FUZZ_CHECK(whole || changed || !right || !ended);
  }
}

// The next text of the input, which ends with a 0.
std::string_view TakeText(std::span<const uint8_t>* rest) {
  const auto* begin = reinterpret_cast<const char*>(rest->data());
  const auto size = static_cast<size_t>(std::ranges::find(*rest, 0) - rest->begin());
  *rest = rest->subspan(std::min(size + 1, rest->size()));
  return {begin, size};
}

void CheckSignatures(std::span<const uint8_t> rest) {
  const auto key = seal::ParsePublicKey(TakeText(&rest));
  const auto signature = seal::ParseSignature(TakeText(&rest));
  if (key.ok() && signature.ok()) (void)seal::CheckSignature(*key, *signature, rest);
}

}  // namespace
}  // namespace furl::media

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  switch (input.Byte() % 3) {
    case 0:
      for (const bool seekable : {true, false}) {
        bool whole = false;
        const furl::Bytes file(input.rest().begin(), input.rest().end());
        FUZZ_CHECK(furl::media::ReadAll(file, seekable, &whole).size() <= size);
      }
      break;
    case 1: furl::media::CheckRecords(input); break;
    default: furl::media::CheckSignatures(input.rest());
  }
  return 0;
}
