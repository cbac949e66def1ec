// Whether an encoder can be made for settings.

#ifndef FURL_CODEC_ENC_CHECK_SETTINGS_H_
#define FURL_CODEC_ENC_CHECK_SETTINGS_H_

#include "base/status.h"
#include "codec/enc/encoder_settings.h"
#include "image/frame.h"

namespace furl {

// kInvalidArgument, kLimitExceeded or kUnsupported name the bad one.
Status CheckSettings(const EncoderSettings& s);

// Whether a picture, and that of its base (null: none), are such as the settings say:
// kInvalidArgument.
Status CheckPictures(const EncoderSettings& s, const Frame& frame, const Frame* base);

}  // namespace furl

#endif  // FURL_CODEC_ENC_CHECK_SETTINGS_H_
