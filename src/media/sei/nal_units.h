// Access units of H.264 and H.265 as NAL units, behind start codes (Annex B) or lengths
// (ISO/IEC 14496-15).

#ifndef FURL_MEDIA_SEI_NAL_UNITS_H_
#define FURL_MEDIA_SEI_NAL_UNITS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "media/libav/libav_util.h"

namespace furl::media {

// How the packets of a stream have their NAL units.
struct NalForm {
  bool hevc = false;
  int length_size = 4;  // bytes of a length, 1 to 4; 0: start codes

  // Of packets with these parameters; none if they are of another codec.
  static std::optional<NalForm> Of(const AVCodecParameters& params);
};

// The units of a packet, borrowed, up to where a length is too long for what is left.
std::vector<std::span<const uint8_t>> SplitNals(const NalForm& form,
                                                std::span<const uint8_t> packet);

// Where the length or start code of a unit of the packet begins.
size_t BeginOf(const NalForm& form, std::span<const uint8_t> packet, std::span<const uint8_t> nal);

// Appends a unit with its length or a start code. False, and nothing is appended, where it is too
// long for its length.
bool AppendNal(const NalForm& form, std::span<const uint8_t> nal, std::vector<uint8_t>* packet);

// Whether a unit is SEI that comes before its picture.
bool IsSei(const NalForm& form, std::span<const uint8_t> nal);
// Whether a unit is of the picture itself, behind all that must come before it.
bool IsPicture(const NalForm& form, std::span<const uint8_t> nal);

// Bytes with and without those that keep start codes from appearing inside of a unit.
void AppendEscaped(std::span<const uint8_t> bytes, std::vector<uint8_t>* nal);
std::vector<uint8_t> Unescaped(std::span<const uint8_t> nal);

}  // namespace furl::media

#endif  // FURL_MEDIA_SEI_NAL_UNITS_H_
