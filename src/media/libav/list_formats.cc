#include "media/libav/list_formats.h"

extern "C" {
#include <libavutil/avstring.h>
}

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <vector>

namespace furl::media {
namespace {

// As libavformat calls them.
constexpr std::string_view kListFormats[] = {"avisynth", "concat", "dash", "hls", "imf",
                                             "lavfi",    "rtsp",   "sap",  "sdp", "vapoursynth"};

// Playlists and the like say what they are at once.
constexpr size_t kProbeBytes = 4096;

}  // namespace

bool IsListFormat(const AVInputFormat& format) {
  return std::any_of(std::begin(kListFormats), std::end(kListFormats), [&](std::string_view name) {
    return av_match_name(std::string(name).c_str(), format.name) != 0;
  });
}

std::string FormatsWithoutLists() {
  std::string names;
  void* state = nullptr;
  while (const AVInputFormat* format = av_demuxer_iterate(&state)) {
    if (!IsListFormat(*format)) names += (names.empty() ? "" : ",") + std::string(format->name);
  }
  return names;
}

const AVInputFormat* ProbeFile(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return nullptr;
  std::vector<uint8_t> bytes(kProbeBytes + AVPROBE_PADDING_SIZE);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), kProbeBytes);
  const AVProbeData data = {path.c_str(), bytes.data(), static_cast<int>(file.gcount()), nullptr};
  int score = 0;
  return av_probe_input_format3(&data, 1, &score);
}

}  // namespace furl::media
