// Decodes the conformance streams of the tiny model and compares every frame with its hash, as
// tests/conformance does, but with nothing that MemorySanitizer takes for a finding: the C++
// library's own streams and GoogleTest are not compiled with it.
//
// usage: fuzz_conformance

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/thread_pool.h"
#include "conformance/cases.h"
#include "conformance/streams.h"

namespace furl {
namespace {

// Eight hexadecimal digits a line.
Result<std::vector<uint32_t>> ReadHashes(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const auto bytes, ReadFile(path, 1 << 20));
  std::vector<uint32_t> hashes;
  uint32_t hash = 0;
  for (const uint8_t c : bytes) {
    if (c == '\n') {
      hashes.push_back(hash);
      hash = 0;
    } else {
      hash = hash << 4 | static_cast<uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    }
  }
  return hashes;
}

// "" or what is wrong.
std::string Check(const test::ConformanceCase& c, const FamilyPtr& family, int threads) {
  const auto hashes = ReadHashes(test::StreamPath(c, ".hashes"));
  if (!hashes.ok()) return hashes.status().message();
  std::vector<uint32_t> seen;
  DecoderSettings settings;
  settings.threads = threads;
  const auto take = [&](const Result<ConstFramePtr>& picture) {
    if (picture.ok()) seen.push_back(FrameHash(**picture));
    return picture.status();
  };
  const Status status = test::DecodeStream(c, family, settings, take);
  if (!status.ok()) return status.message();
  return seen == *hashes ? "" : "hashes differ";
}

int CheckAll() {
  int wrong = 0;
  int checked = 0;
  for (const test::ConformanceCase& c : test::kConformanceCases) {
    if (std::string_view(c.name).starts_with(test::kDefaultPrefix)) continue;
    const auto family = test::FamilyOf(c.name);
    if (!family.ok()) return 1;
    for (const int threads : {kNoThreads, 2}) {
      const std::string error = Check(c, *family, threads);
      ++checked;
      if (error.empty()) continue;
      ++wrong;
      std::printf("%s: %s\n", c.name, error.c_str());
    }
  }
  std::printf("%d decoded, %d wrong\n", checked, wrong);
  return wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace furl

int main() { return furl::CheckAll(); }
