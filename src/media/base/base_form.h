// A base's packets and parameters as Matroska and mp4 want them, of what encoders and transport
// streams have: NAL units behind their lengths instead of start codes, of AV1 no temporal
// delimiters.

#ifndef FURL_MEDIA_BASE_BASE_FORM_H_
#define FURL_MEDIA_BASE_BASE_FORM_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "media/libav/libav_util.h"

namespace furl::media {

// Whether packets of H.264 or H.265 with these parameters have start codes rather than lengths.
bool HasStartCodes(const AVCodecParameters& params);

// The same with Matroska's extradata. kInternal if libavformat can't make it.
Result<std::shared_ptr<const AVCodecParameters>> MatroskaParameters(
    const AVCodecParameters& params);

// A packet with start codes, or of AV1, in Matroska's form; NAL units that `keep`, unless it is
// empty, says no to are left out.
using KeepNalFn = std::function<bool(std::span<const uint8_t> nal)>;
std::vector<uint8_t> MatroskaForm(AVCodecID codec, std::vector<uint8_t> data,
                                  const KeepNalFn& keep);

}  // namespace furl::media

#endif  // FURL_MEDIA_BASE_BASE_FORM_H_
