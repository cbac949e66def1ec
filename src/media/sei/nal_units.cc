#include "media/sei/nal_units.h"

#include <algorithm>

#include "media/base/base_form.h"
#include "media/write/avc_format.h"

namespace furl::media {
namespace {

// Where the configuration records of ISO/IEC 14496-15 have the size of lengths, less 1, in the
// lowest two bits.
constexpr int kAvcLengthAt = 4;
constexpr int kHevcLengthAt = 21;

// ITU-T H.264, table 7-1.
constexpr int kAvcSlice = 1;
constexpr int kAvcLastSlice = 5;
constexpr int kAvcSei = 6;
constexpr int kAvcPrefix = 14;
constexpr int kAvcExtension = 20;
// ITU-T H.265, table 7-1.
constexpr int kHevcFirstOther = 32;
constexpr int kHevcPrefixSei = 39;

int TypeOf(const NalForm& form, std::span<const uint8_t> nal) {
  if (nal.empty()) return -1;
  return form.hevc ? nal[0] >> 1 & 63 : nal[0] & 31;
}

}  // namespace

std::optional<NalForm> NalForm::Of(const AVCodecParameters& params) {
  NalForm form;
  form.hevc = params.codec_id == AV_CODEC_ID_HEVC;
  if (!form.hevc && params.codec_id != AV_CODEC_ID_H264) return std::nullopt;
  const int at = form.hevc ? kHevcLengthAt : kAvcLengthAt;
  const bool start_codes = HasStartCodes(params) || params.extradata_size <= at;
  form.length_size = start_codes ? 0 : (params.extradata[at] & 3) + 1;
  return form;
}

std::vector<std::span<const uint8_t>> SplitNals(const NalForm& form,
                                                std::span<const uint8_t> packet) {
  if (form.length_size == 0) return SplitAnnexB(packet);
  const auto length_size = static_cast<size_t>(form.length_size);
  std::vector<std::span<const uint8_t>> nals;
  while (packet.size() > length_size) {
    size_t size = 0;
    for (size_t i = 0; i < length_size; ++i) size = size << 8 | packet[i];
    packet = packet.subspan(length_size);
    if (size > packet.size()) break;
    if (size > 0) nals.push_back(packet.first(size));
    packet = packet.subspan(size);
  }
  return nals;
}

size_t BeginOf(const NalForm& form, std::span<const uint8_t> packet, std::span<const uint8_t> nal) {
  const auto at = static_cast<size_t>(nal.data() - packet.data());
  if (form.length_size > 0) return at - static_cast<size_t>(form.length_size);
  const bool long_code = at > 3 && packet[at - 4] == 0;
  return at - (long_code ? 4 : 3);
}

bool AppendNal(const NalForm& form, std::span<const uint8_t> nal, std::vector<uint8_t>* packet) {
  if (form.length_size == 0) {
    packet->insert(packet->end(), {0, 0, 0, 1});
  } else {
    if (nal.size() >> (8 * form.length_size) != 0) return false;
    for (int i = form.length_size - 1; i >= 0; --i) {
      packet->push_back(static_cast<uint8_t>(nal.size() >> (8 * i)));
    }
  }
  packet->insert(packet->end(), nal.begin(), nal.end());
  return true;
}

bool IsSei(const NalForm& form, std::span<const uint8_t> nal) {
  return TypeOf(form, nal) == (form.hevc ? kHevcPrefixSei : kAvcSei);
}

bool IsPicture(const NalForm& form, std::span<const uint8_t> nal) {
  const int type = TypeOf(form, nal);
  if (form.hevc) return type >= 0 && type < kHevcFirstOther;
  return (type >= kAvcSlice && type <= kAvcLastSlice) || type == kAvcPrefix ||
         type == kAvcExtension;
}

void AppendEscaped(std::span<const uint8_t> bytes, std::vector<uint8_t>* nal) {
  int zeros = 0;
  for (const uint8_t byte : bytes) {
    if (zeros >= 2 && byte <= 3) {
      nal->push_back(3);
      zeros = 0;
    }
    nal->push_back(byte);
    zeros = byte == 0 ? zeros + 1 : 0;
  }
}

std::vector<uint8_t> Unescaped(std::span<const uint8_t> nal) {
  std::vector<uint8_t> bytes;
  bytes.reserve(nal.size());
  int zeros = 0;
  for (const uint8_t byte : nal) {
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    bytes.push_back(byte);
    zeros = byte == 0 ? zeros + 1 : 0;
  }
  return bytes;
}

}  // namespace furl::media
