// Codes a set of clips and compares what comes out with tests/golden/sizes.csv.
//
//   furl_golden SIZES_CSV            compares; prints what differs, ends with 1 if anything does
//   furl_golden --write SIZES_CSV    writes the file anew (scripts/update_golden.sh)
//
// A line of the file: case, packets, bytes, hash of the packets, hash of the pictures. The last
// line is the signature, a hash of all lines before it.

#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conformance/cases.h"
#include "conformance/encode_case.h"
#include "media/video_reader.h"
#include "support/short_hash.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

struct GoldenCase {
  ConformanceCase clip;  // what is coded, as a stream of that name would be
  Preset preset;
  bool bundled = false;  // of assets/bunny.mkv instead of a made one
};

constexpr GoldenCase kCases[] = {
    {{"one_frame", 96, 80, 8, 1, 38, false, 50, -1}, Preset::kMedium},
    {{"fast", 128, 96, 8, 10, 39, false, 50, -1}, Preset::kFast},
    {{"medium", 128, 96, 8, 18, 39, false, 50, -1}, Preset::kMedium},
    {{"slow", 96, 64, 8, 9, 39, false, 50, -1}, Preset::kSlow},
    {{"low_delay", 128, 96, 8, 8, 42, true, 50, -1}, Preset::kMedium},
    {{"low_delay_fast", 96, 96, 8, 6, 46, true, 50, -1}, Preset::kFast},
    {{"short_gop", 80, 64, 8, 12, 36, false, 5, -1}, Preset::kMedium},
    {{"scene_cut", 112, 64, 8, 12, 40, false, 50, 5}, Preset::kMedium},
    {{"odd_size", 97, 63, 8, 9, 35, false, 50, -1}, Preset::kMedium},
    {{"ten_bit", 96, 80, 10, 9, 39, false, 50, -1}, Preset::kMedium},
    {{"best_quality", 64, 48, 8, 5, 0, false, 50, -1}, Preset::kMedium},
    {{"worst_quality", 160, 128, 8, 9, 63, false, 50, -1}, Preset::kMedium},
    {{"squeeze_medium", 128, 96, 8, 9, 39, false, 50, -1}, Preset::kMedium},
    {{"squeeze_low_delay", 96, 80, 8, 6, 44, true, 50, -1}, Preset::kFast},
    {{"sense_medium", 96, 80, 8, 6, 44, false, 50, -1}, Preset::kMedium},
    {{"vq_medium", 128, 96, 8, 9, 48, false, 50, -1}, Preset::kMedium},
    {{"vq_low_delay", 96, 80, 8, 6, 52, true, 50, -1}, Preset::kFast},
    {{"default_medium", 96, 64, 8, 9, 39, false, 50, -1}, Preset::kMedium},
    {{"default_low_delay_ten_bit", 64, 64, 10, 5, 43, true, 50, -1}, Preset::kMedium},
    // The middle of the bundled clip: pictures of a camera's kind.
    {{"default_bunny", 192, 128, 8, 9, 39, false, 50, -1}, Preset::kMedium, true},
};

Result<std::vector<ConstFramePtr>> BundledVideo(const ConformanceCase& c) {
  media::ReaderOptions options;
  options.frames = c.frames;
  options.filter.crop.width = c.width;
  options.filter.crop.height = c.height;
  options.other_streams = false;
  FURL_ASSIGN_OR_RETURN(const auto reader,
                        media::OpenVideo(FURL_SOURCE_DIR "/assets/bunny.mkv", options));
  std::vector<ConstFramePtr> video;
  for (auto item = reader->Next();; item = reader->Next()) {
    if (item.status().code() == StatusCode::kEndOfStream) return video;
    FURL_RETURN_IF_ERROR(item.status());
    video.push_back(std::move(item->frame));
  }
}

Result<std::vector<ConstFramePtr>> VideoOf(const GoldenCase& golden) {
  const ConformanceCase& c = golden.clip;
  if (golden.bundled) return BundledVideo(c);
  return VideoOf(c);
}

// The line of a case, without its end.
Result<std::string> LineOf(const GoldenCase& golden) {
  const ConformanceCase& c = golden.clip;
  FURL_ASSIGN_OR_RETURN(const std::unique_ptr<Encoder> encoder, OpenEncoder(c, golden.preset));
  FURL_ASSIGN_OR_RETURN(const std::vector<ConstFramePtr> video, VideoOf(golden));
  std::string pictures(4 * c.frames, '\0');  // hash of each, in display order
  encoder->SetObserver([&](const FrameReport& report) {
    const uint32_t hash = FrameHash(*report.reconstruction);
    for (int i = 0; i < 4; ++i) {
      pictures[4 * report.display_index + i] = static_cast<char>(hash >> 8 * i);
    }
  });
  std::vector<uint8_t> bytes;
  int packets = 0;
  FURL_RETURN_IF_ERROR(CodeVideo(encoder.get(), c, video, [&](const EncodedPacket& packet) {
    bytes.insert(bytes.end(), packet.data.begin(), packet.data.end());
    ++packets;
    return OkStatus();
  }));
  return std::string(c.name) + "," + std::to_string(packets) + "," + std::to_string(bytes.size()) +
         "," + ShortHash(bytes) + "," + ShortHash(pictures);
}

// Lines by their first field.
std::map<std::string, std::string> ReadLines(const std::string& path) {
  std::ifstream file(path);
  std::map<std::string, std::string> lines;
  for (std::string line; std::getline(file, line);) lines[line.substr(0, line.find(','))] = line;
  return lines;
}

// Prints what differs from the file. False if anything does.
bool Compare(const std::vector<std::string>& lines, const std::string& path) {
  std::map<std::string, std::string> expected = ReadLines(path);
  bool same = true;
  for (const std::string& line : lines) {
    const std::string name = line.substr(0, line.find(','));
    if (expected[name] != line) {
      std::printf("- %s\n+ %s\n", expected[name].c_str(), line.c_str());
      same = false;
    }
    expected.erase(name);
  }
  for (const auto& [name, line] : expected) {
    std::printf("- %s\n", line.c_str());
    same = false;
  }
  if (!same) std::printf("the encoder writes something else (scripts/update_golden.sh)\n");
  return same;
}

int Run(bool write, const std::string& path) {
  std::vector<std::string> lines = {"case,packets,bytes,packets_hash,pictures_hash"};
  std::string all = lines[0] + "\n";
  for (const GoldenCase& c : kCases) {
    const Result<std::string> line = LineOf(c);
    if (!line.ok()) {
      std::fprintf(stderr, "%s: %s\n", c.clip.name, line.status().message().c_str());
      return 1;
    }
    lines.push_back(*line);
    all += *line + "\n";
  }
  lines.push_back("signature," + ShortHash(all));
  std::printf("%s\n", lines.back().c_str());
  if (!write) return Compare(lines, path) ? 0 : 1;
  std::ofstream file(path);
  file << all << lines.back() << "\n";
  return file ? 0 : 1;
}

}  // namespace
}  // namespace furl::test

int main(int argc, char** argv) {
  const bool write = argc == 3 && std::string(argv[1]) == "--write";
  if (argc != 2 && !write) {
    std::fprintf(stderr, "usage: %s [--write] SIZES_CSV\n", argv[0]);
    return 2;
  }
  return furl::test::Run(write, argv[argc - 1]);
}
