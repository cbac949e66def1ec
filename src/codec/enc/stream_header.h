// What a stream says of itself: the sequence header that settings and family ask for.

#ifndef FURL_CODEC_ENC_STREAM_HEADER_H_
#define FURL_CODEC_ENC_STREAM_HEADER_H_

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "codec/common/family.h"
#include "codec/enc/encoder_settings.h"

namespace furl {

// Frames of the longest GOP.
int GopLengthOf(const EncoderSettings& settings, const FamilyTraits& traits);

// kUnsupported where the family can't do what the settings want, or has no number in streams.
Result<std::vector<uint8_t>> StreamHeader(const EncoderSettings& settings,
                                          const FamilyEncoder& family_encoder);

}  // namespace furl

#endif  // FURL_CODEC_ENC_STREAM_HEADER_H_
