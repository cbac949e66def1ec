#include "media/write/avc_format.h"

namespace furl::media {
namespace {

constexpr int kNalSps = 7;
constexpr int kNalPps = 8;

int NalType(std::span<const uint8_t> nal) { return nal.empty() ? 0 : nal[0] & 31; }

void AppendBig(std::vector<uint8_t>* out, size_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out->push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void AppendSet(std::vector<uint8_t>* out, std::span<const uint8_t> nal) {
  AppendBig(out, nal.size(), 2);
  out->insert(out->end(), nal.begin(), nal.end());
}

}  // namespace

std::vector<std::span<const uint8_t>> SplitAnnexB(std::span<const uint8_t> stream) {
  std::vector<std::span<const uint8_t>> nals;
  size_t begin = stream.size();  // of the current unit; none yet
  for (size_t i = 0; i + 3 <= stream.size(); ++i) {
    if (stream[i] != 0 || stream[i + 1] != 0 || stream[i + 2] != 1) continue;
    if (begin < i) {
      size_t end = i;
      while (end > begin && stream[end - 1] == 0) --end;  // of a four-byte start code
      nals.push_back(stream.subspan(begin, end - begin));
    }
    begin = i + 3;
    i += 2;
  }
  if (begin < stream.size()) nals.push_back(stream.subspan(begin));
  return nals;
}

Result<std::vector<uint8_t>> MakeAvcConfig(std::span<const uint8_t> stream) {
  std::span<const uint8_t> sps;
  std::span<const uint8_t> pps;
  for (const auto nal : SplitAnnexB(stream)) {
    if (NalType(nal) == kNalSps && sps.empty()) sps = nal;
    if (NalType(nal) == kNalPps && pps.empty()) pps = nal;
  }
  if (sps.size() < 4 || pps.empty()) return InternalError("H.264 parameter sets are missing");
  std::vector<uint8_t> config = {1, sps[1], sps[2], sps[3], 0xFF, 0xE1};
  AppendSet(&config, sps);
  config.push_back(1);
  AppendSet(&config, pps);
  const int profile = sps[1];
  if (profile != 66 && profile != 77 && profile != 88) {
    // High profiles: chroma format (4:2:0) and bit depths. 4:2:0 content in
    // profile 244 (lossless) is described by the SPS alone; readers use that.
    const int depth_minus_8 = profile == 110 || profile == 122 ? 2 : 0;
    config.push_back(0xFC | 1);
    config.push_back(static_cast<uint8_t>(0xF8 | depth_minus_8));
    config.push_back(static_cast<uint8_t>(0xF8 | depth_minus_8));
    config.push_back(0);
  }
  return config;
}

void AppendLengthPrefixed(std::span<const uint8_t> nal, std::vector<uint8_t>* out) {
  AppendBig(out, nal.size(), 4);
  out->insert(out->end(), nal.begin(), nal.end());
}

std::vector<uint8_t> ToLengthPrefixed(std::span<const uint8_t> access_unit) {
  std::vector<uint8_t> out;
  out.reserve(access_unit.size() + 16);
  for (const auto nal : SplitAnnexB(access_unit)) {
    if (NalType(nal) == kNalSps || NalType(nal) == kNalPps) continue;
    AppendLengthPrefixed(nal, &out);
  }
  return out;
}

}  // namespace furl::media
