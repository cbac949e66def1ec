// Writes the conformance streams:
//
//   furl_make_streams tests/conformance/streams
//   furl_make_streams --wide FOLDER             those of wide_cases.h
//
// Run it (scripts/update_conformance.sh) when the bitstream or a
// model of theirs changes, and say so in the commit.

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "bitstream/raw_stream.h"
#include "codec/common/gop.h"
#include "codec/predict/base_filter.h"
#include "conformance/cases.h"
#include "conformance/encode_case.h"
#include "conformance/streams.h"
#include "conformance/wide_cases.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

// What the streams hold that not every encoder would write.
struct Coverage {
  int mapped = 0;     // frames with a QP map
  int long_gops = 0;  // frames as deep as only the longest mini-GOPs are
  // Key frames of streams with GOPs of either kind above a base:
  int filters = 0;   // whose filter changes the base's picture
  int pictures = 0;  // that are more than that
};

Status WriteHashes(const std::vector<uint32_t>& hashes, const std::string& path) {
  std::ofstream list(path);
  for (uint32_t hash : hashes) {
    char line[16];
    std::snprintf(line, sizeof(line), "%08x\n", hash);
    list << line;
  }
  return list ? OkStatus() : IoError("cannot write the hashes");
}

// As ReadBases takes them.
Status WriteBases(const ConformanceCase& c, const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  for (const ConstFramePtr& frame : VideoOf(c)) {
    const ConstFramePtr base = BaseOf(c, *frame);
    for (int p = 0; p < 3; ++p) {
      const ConstPlane plane = base->plane(p);
      for (int i = 0; i < plane.width * plane.height; ++i) {
        const uint16_t sample = plane.row(i / plane.width)[i % plane.width];
        file.put(static_cast<char>(sample));
        if (c.base.bit_depth > 8) file.put(static_cast<char>(sample >> 8));
      }
    }
  }
  return file ? OkStatus() : IoError("cannot write the base");
}

Status CountKeys(const ConformanceStream& stream, Coverage* coverage) {
  for (const RawPacket& packet : stream.packets) {
    if (!packet.key) continue;
    FURL_ASSIGN_OR_RETURN(const PacketView view, ParsePacket(packet.data));
    FURL_ASSIGN_OR_RETURN(const BaseFilterPtr filter, BaseFilter::Read(view));
    if (filter == nullptr) ++coverage->pictures;
    if (filter != nullptr && filter->active()) ++coverage->filters;
  }
  return OkStatus();
}

// The pictures above a base that is written, too. Encoders don't know them all: of a GOP that is
// filtered it is the decoder that makes them.
Result<std::vector<uint32_t>> DecodedHashes(const ConformanceCase& c, const std::string& folder) {
  FURL_ASSIGN_OR_RETURN(const FamilyPtr family, FamilyOf(c.name));
  std::vector<uint32_t> hashes;
  const auto take = [&](const Result<ConstFramePtr>& picture) {
    if (picture.ok()) hashes.push_back(FrameHash(**picture));
    return picture.status();
  };
  FURL_RETURN_IF_ERROR(DecodeStream(c, family, {}, take, folder));
  return hashes;
}

Status WriteStream(const ConformanceCase& c, Preset preset, const std::string& folder,
                   Coverage* coverage) {
  FURL_ASSIGN_OR_RETURN(const std::unique_ptr<Encoder> encoder, OpenEncoder(c, preset));
  const std::string path = folder + "/" + c.name;
  std::ofstream stream(path + ".furl", std::ios::binary);
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
  FURL_RETURN_IF_ERROR(CodeVideo(encoder.get(), c, VideoOf(c), [&](const EncodedPacket& packet) {
    return writer.WritePacket(packet.data, packet.pts, packet.duration, packet.key);
  }));
  FURL_RETURN_IF_ERROR(writer.Finish());
  stream.close();
  if (c.base) {
    FURL_RETURN_IF_ERROR(WriteBases(c, path + ".yuv"));
    FURL_ASSIGN_OR_RETURN(const auto decoded, DecodedHashes(c, folder));
    if (c.base.added == Added::kPictures && decoded != hashes) {
      return InternalError("the decoder's pictures are not the encoder's");
    }
    hashes = decoded;
  }
  if (c.base.added == Added::kEither) {
    FURL_ASSIGN_OR_RETURN(const ConformanceStream written, ReadStream(c, folder));
    FURL_RETURN_IF_ERROR(CountKeys(written, coverage));
  }
  return WriteHashes(hashes, path + ".hashes");
}

// Whether the set has the parts of the format that not every encoder would write.
bool IsComplete(const Coverage& coverage) {
  if (coverage.mapped == 0 || coverage.long_gops == 0) {
    std::fprintf(stderr, "no frame with a QP map, or no mini-GOP of %d: the set lacks that part\n",
                 kLongestMiniGop);
    return false;
  }
  if (coverage.filters == 0 || coverage.pictures == 0) {
    std::fprintf(stderr, "no GOP that filters its base, or none that adds pictures\n");
    return false;
  }
  std::printf("%d frames with a QP map, %d deepest ones, %d filters of bases\n", coverage.mapped,
              coverage.long_gops, coverage.filters);
  return true;
}

int Run(const std::vector<WideCase>& cases, const std::string& folder) {
  Coverage coverage;
  for (const WideCase& c : cases) {
    const Status status = WriteStream(c.stream, c.preset, folder, &coverage);
    if (!status.ok()) {
      std::fprintf(stderr, "%s: %s\n", c.stream.name, status.message().c_str());
      return 1;
    }
  }
  return IsComplete(coverage) ? 0 : 1;
}

std::vector<WideCase> KeptCases() {
  std::vector<WideCase> cases;
  for (const ConformanceCase& c : kConformanceCases) cases.push_back({c, EncoderSettings().preset});
  return cases;
}

}  // namespace
}  // namespace furl::test

int main(int argc, char** argv) {
  const bool wide = argc == 3 && argv[1] == std::string("--wide");
  if (argc != 2 && !wide) {
    std::fprintf(stderr, "usage: %s [--wide] FOLDER\n", argv[0]);
    return 2;
  }
  using namespace furl::test;
  return Run(wide ? WideCases() : KeptCases(), argv[argc - 1]);
}
