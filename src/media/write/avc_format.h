// H.264 as encoders give it (Annex B: start codes) and as Matroska wants it
// (ISO/IEC 14496-15: lengths, parameter sets apart).

#ifndef FURL_MEDIA_WRITE_AVC_FORMAT_H_
#define FURL_MEDIA_WRITE_AVC_FORMAT_H_

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"

namespace furl::media {

// The NAL units of an Annex B byte stream, without start codes.
std::vector<std::span<const uint8_t>> SplitAnnexB(std::span<const uint8_t> stream);

// AVCDecoderConfigurationRecord from a stream that holds the parameter sets.
Result<std::vector<uint8_t>> MakeAvcConfig(std::span<const uint8_t> stream);

// Appends a NAL unit behind its length of four bytes.
void AppendLengthPrefixed(std::span<const uint8_t> nal, std::vector<uint8_t>* out);

// An access unit with four-byte lengths; parameter sets are left out, they are
// in the configuration.
std::vector<uint8_t> ToLengthPrefixed(std::span<const uint8_t> access_unit);

}  // namespace furl::media

#endif  // FURL_MEDIA_WRITE_AVC_FORMAT_H_
