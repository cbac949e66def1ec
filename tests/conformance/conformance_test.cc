// Decodes the committed conformance streams and compares every frame with its
// committed hash. CTest runs this once per CPU target (FURL_CPU).

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "bitstream/raw_stream.h"
#include "codec/dec/decode_packet.h"
#include "conformance/cases.h"

namespace furl::test {
namespace {

std::string Path(const ConformanceCase& c, const char* suffix) {
  return std::string(FURL_SOURCE_DIR) + "/tests/conformance/streams/" + c.name + suffix;
}

std::vector<uint32_t> ReadHashes(const ConformanceCase& c) {
  std::ifstream file(Path(c, ".hashes"));
  std::vector<uint32_t> hashes;
  for (std::string line; std::getline(file, line);) {
    hashes.push_back(static_cast<uint32_t>(std::stoul(line, nullptr, 16)));
  }
  return hashes;
}

// Packets of a stream file in coding order.
RawStreamReader OpenStream(const ConformanceCase& c) {
  std::ifstream file(Path(c, ".furl"), std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), {});
  RawStreamReader reader;
  reader.Append({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
  reader.End();
  return reader;
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
    RawStreamReader reader = OpenStream(c);
    std::unique_ptr<Decoder> decoder;
    std::vector<uint32_t> seen;
    const auto take = [&](const Result<ConstFramePtr>& picture) {
      FURL_RETURN_IF_ERROR(picture.status());
      EXPECT_EQ((*picture)->width(), c.width);
      EXPECT_EQ((*picture)->bit_depth(), c.bit_depth);
      seen.push_back(FrameHash(**picture));
      return OkStatus();
    };
    for (;;) {
      const auto packet = reader.Next();
      if (!packet.ok()) {
        ASSERT_EQ(packet.status().code(), StatusCode::kEndOfStream) << packet.status().message();
        break;
      }
      if (decoder == nullptr) {
        DecoderSettings settings;
        settings.threads = threads;
        auto created = Decoder::Create(reader.sequence_header(), *family, settings);
        ASSERT_TRUE(created.ok())
            << created.status().message()
            << " (run scripts/update_conformance.sh after a change of the model)";
        decoder = std::move(created).value();
      }
      const Status decoded =
          DecodePacket(decoder.get(), packet->data, {packet->pts, packet->duration}, take);
      ASSERT_TRUE(decoded.ok()) << decoded.message();
    }
    ASSERT_NE(decoder, nullptr);
    const Status flushed = FlushDecoder(decoder.get(), take);
    ASSERT_TRUE(flushed.ok()) << flushed.message();
    EXPECT_EQ(seen, hashes) << "threads " << threads;
  }
}

INSTANTIATE_TEST_SUITE_P(Streams, Conformance, testing::ValuesIn(kConformanceCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace furl::test
