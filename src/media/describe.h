// What files hold, in words for people: names instead of numbers.

#ifndef FURL_MEDIA_DESCRIBE_H_
#define FURL_MEDIA_DESCRIBE_H_

#include <string>

#include "media/media_info.h"

namespace furl::media {

// The names of ITU-T H.273 as FFmpeg spells them ("bt709", "smpte2084"); "unknown" for 2, the bare
// number where there is no name.
std::string PrimariesName(int value);
std::string TransferName(int value);
std::string MatrixName(int value);

// "48000 Hz, 5.1(side), 16 bit, 192 kbit/s" as far as it is known; empty for subtitles.
std::string SoundText(const StreamInfo& stream);
// "stereo"; empty for subtitles. And how many samples of it there are per second; 0: unknown.
std::string ChannelsText(const StreamInfo& stream);
int SampleRate(const StreamInfo& stream);

// "mastered for 0.005 to 1000 cd/m2 (R 0.680,0.320 ...), MaxCLL 1000, MaxFALL 400"; empty
// without HDR metadata.
std::string HdrText(const VideoInfo& video);

// "progressive", "interlaced, top field first", ...
const char* FieldOrderText(FieldOrder order);

}  // namespace furl::media

#endif  // FURL_MEDIA_DESCRIBE_H_
