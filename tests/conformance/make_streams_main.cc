// Writes the conformance streams:
//
//   furl_make_streams tests/conformance/streams
//
// Run it (scripts/update_conformance.sh) when the bitstream or a
// model of theirs changes, and say so in the commit.

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "bitstream/raw_stream.h"
#include "codec/common/gop.h"
#include "conformance/cases.h"
#include "conformance/encode_case.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

// What the streams hold that not every encoder would write.
struct Coverage {
  int mapped = 0;     // frames with a QP map
  int long_gops = 0;  // frames as deep as only the longest mini-GOPs are
};

Status WriteStream(const ConformanceCase& c, const std::string& folder, Coverage* coverage) {
  FURL_ASSIGN_OR_RETURN(const std::unique_ptr<Encoder> encoder, OpenEncoder(c));
  std::ofstream stream(folder + "/" + c.name + ".furl", std::ios::binary);
  std::vector<uint32_t> hashes(c.frames);
  encoder->SetObserver([&](const FrameReport& report) {
    hashes[report.display_index] = FrameHash(*report.reconstruction);
    if (!report.qp_map->AllZero()) ++coverage->mapped;
    if (1 << report.level == kLongestMiniGop) ++coverage->long_gops;
  });
  RawStreamWriter writer([&](std::span<const uint8_t> bytes) {
    stream.write(reinterpret_cast<const char*>(bytes.data()),
                 static_cast<std::streamsize>(bytes.size()));
    return stream ? OkStatus() : IoError("cannot write the stream");
  });
  FURL_RETURN_IF_ERROR(writer.WriteHeader(encoder->sequence_header()));
  FURL_RETURN_IF_ERROR(CodeVideo(encoder.get(), VideoOf(c), [&](const EncodedPacket& packet) {
    return writer.WritePacket(packet.data, packet.pts, packet.duration, packet.key);
  }));
  FURL_RETURN_IF_ERROR(writer.Finish());
  std::ofstream list(folder + "/" + c.name + ".hashes");
  for (uint32_t hash : hashes) {
    char line[16];
    std::snprintf(line, sizeof(line), "%08x\n", hash);
    list << line;
  }
  return list ? OkStatus() : IoError("cannot write the hashes");
}

}  // namespace

}  // namespace furl::test

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  furl::test::Coverage coverage;
  for (const auto& c : furl::test::kConformanceCases) {
    const furl::Status status = furl::test::WriteStream(c, argv[1], &coverage);
    if (!status.ok()) {
      std::fprintf(stderr, "%s: %s\n", c.name, status.message().c_str());
      return 1;
    }
  }
  if (coverage.mapped == 0 || coverage.long_gops == 0) {
    std::fprintf(stderr, "no frame with a QP map, or no mini-GOP of %d: the set lacks that part\n",
                 furl::kLongestMiniGop);
    return 1;
  }
  std::printf("%d frames with a QP map, %d deepest ones\n", coverage.mapped, coverage.long_gops);
  return 0;
}
