// Decodes the committed conformance streams and compares every frame with its
// committed hash. CTest runs this once per CPU target (FURL_CPU).

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "conformance/cases.h"
#include "conformance/streams.h"

namespace furl::test {
namespace {

std::vector<uint32_t> ReadHashes(const ConformanceCase& c) {
  std::ifstream file(StreamPath(c, ".hashes"));
  std::vector<uint32_t> hashes;
  for (std::string line; std::getline(file, line);) {
    hashes.push_back(static_cast<uint32_t>(std::stoul(line, nullptr, 16)));
  }
  return hashes;
}

class Conformance : public testing::TestWithParam<ConformanceCase> {};

TEST_P(Conformance, EveryFrameHasItsHash) {
  const ConformanceCase& c = GetParam();
  const std::vector<uint32_t> hashes = ReadHashes(c);
  ASSERT_EQ(hashes.size(), static_cast<size_t>(c.frames));
  const Result<FamilyPtr> family = FamilyOf(c.name);
  if (family.status().code() == StatusCode::kUnsupported) GTEST_SKIP() << "no default model";
  ASSERT_TRUE(family.ok()) << family.status().message();
  for (int threads : {1, 2, 3}) {
    std::vector<uint32_t> seen;
    const auto take = [&](const Result<ConstFramePtr>& picture) {
      FURL_RETURN_IF_ERROR(picture.status());
      EXPECT_EQ((*picture)->width(), c.width);
      EXPECT_EQ((*picture)->bit_depth(), c.bit_depth);
      seen.push_back(FrameHash(**picture));
      return OkStatus();
    };
    DecoderSettings settings;
    settings.threads = threads;
    const Status decoded = DecodeStream(c, *family, settings, take);
    ASSERT_TRUE(decoded.ok()) << decoded.message()
                              << " (scripts/update_conformance.sh after a change of the model)";
    EXPECT_EQ(seen, hashes) << "threads " << threads;
  }
}

INSTANTIATE_TEST_SUITE_P(Streams, Conformance, testing::ValuesIn(kConformanceCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace furl::test
