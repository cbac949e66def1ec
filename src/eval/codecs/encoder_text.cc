#include <algorithm>
#include <cstring>

#include "eval/codecs/adapters.h"

namespace furl::eval {
namespace {

constexpr uint8_t kUserDataUnregistered = 5;  // H.264 and HEVC, annex D
constexpr int kH264Sei = 6;
constexpr int kHevcPrefixSei = 39;

// `nal` begins behind a start code.
bool IsText(bool hevc, std::span<const uint8_t> nal) {
  if (!hevc) return nal.size() > 1 && (nal[0] & 31) == kH264Sei && nal[1] == kUserDataUnregistered;
  return nal.size() > 2 && (nal[0] >> 1 & 63) == kHevcPrefixSei && nal[2] == kUserDataUnregistered;
}

}  // namespace

int64_t EncoderTextBytes(bool hevc, std::span<const uint8_t> packet) {
  int64_t bytes = 0;
  bool text = false;
  for (size_t i = 0; i < packet.size(); ++i) {
    if (i + 3 < packet.size() && packet[i] == 0 && packet[i + 1] == 0 && packet[i + 2] == 1) {
      text = IsText(hevc, packet.subspan(i + 3));
    }
    bytes += text;
  }
  return bytes;
}

std::string EncoderTextVersion(std::span<const uint8_t> packet) {
  for (const char* start : {"x264 - core", "x265 (build"}) {
    const auto at = std::search(packet.begin(), packet.end(), start, start + std::strlen(start));
    if (at == packet.end()) continue;
    const auto left = std::min<ptrdiff_t>(packet.end() - at, 200);
    const std::string text(at, at + left);
    // Up to the second " - ": name and version, without the copyright line.
    const size_t first = text.find(" - ");
    return text.substr(0, std::min(text.find(" - ", first + 1), text.find(":[", first)));
  }
  return "";
}

}  // namespace furl::eval
