// What a container says about its content, in furl's own words: the value that
// readers fill and writers keep. Nothing here belongs to libav except the codec
// parameters of streams that are copied without being understood.

#ifndef FURL_MEDIA_MEDIA_INFO_H_
#define FURL_MEDIA_MEDIA_INFO_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/rational.h"
#include "image/frame.h"
#include "image/video_format.h"

struct AVCodecParameters;

namespace furl::media {

// Told, in one sentence, whatever a user should know but need not act on
// (conversions, dropped streams). May be empty.
using NoticeFn = std::function<void(const std::string&)>;

// Asked between steps of long operations; true stops them with kCancelled.
using CancelFn = std::function<bool()>;

// Key and value pairs in file order; keys as libavformat spells them.
using Tags = std::vector<std::pair<std::string, std::string>>;

// SMPTE ST 2086: CIE 1931 xy chromaticities and luminance in cd/m^2.
struct MasteringDisplay {
  bool has_primaries = false;
  bool has_luminance = false;
  double primaries[3][2] = {};  // red, green, blue
  double white_point[2] = {};
  double min_luminance = 0;
  double max_luminance = 0;
};

// CTA-861.3 content light levels in cd/m^2.
struct ContentLight {
  int max_cll = 0;
  int max_fall = 0;
};

// How the rows of a picture lie in time: all at once, or every second one half a picture later.
enum class FieldOrder { kProgressive, kTopFirst, kBottomFirst };

// The format is that of the frames the reader delivers.
struct VideoInfo : VideoFormat {
  std::string codec;                 // short name, for people
  bool constant_frame_rate = false;  // known for sure, not guessed
  int64_t frame_count = -1;          // -1: unknown
  double seconds = 0;                // from the first frame to the end of the last; 0: unknown
  // Frames per second where none are missing: a pause lowers frame_rate, which is a mean, but not
  // this. 0: as frame_rate.
  double usual_rate = 0;
  FieldOrder field_order = FieldOrder::kProgressive;
  int rotation = 0;  // clockwise degrees to turn the picture for display, [0, 360)
  std::optional<MasteringDisplay> mastering;
  std::optional<ContentLight> light;
  Tags tags;
  int disposition = 0;  // AV_DISPOSITION_*
};

enum class StreamKind { kAudio, kSubtitle };

// A stream that is copied packet by packet.
struct StreamInfo {
  StreamKind kind = StreamKind::kAudio;
  std::string codec;
  std::shared_ptr<const AVCodecParameters> params;
  Rational time_base;
  // Earliest timestamp in ticks, negative where samples precede time zero
  // (encoder priming); 0 if unknown.
  int64_t start = 0;
  Tags tags;
  int disposition = 0;
};

// The video that furl's adds to (docs/hybrid.md): a track of its own, shown by players that don't
// know furl.
struct BaseInfo {
  std::string codec;                                // short name, for people
  std::shared_ptr<const AVCodecParameters> params;  // H.264, H.265 or AV1, as Matroska has it
  Rational time_base;                               // of its packets
  // How far times of its pictures may be from those of what is added, in ticks: containers round.
  int64_t time_slack = 0;
};

struct Chapter {
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  Tags tags;
};

struct Attachment {
  std::string file_name;
  std::string mime_type;
  std::string description;
  std::shared_ptr<const std::vector<uint8_t>> data;
};

struct MediaInfo {
  std::string format;           // container name
  double duration_seconds = 0;  // 0: unknown
  VideoInfo video;
  std::optional<BaseInfo> base;  // of coded video that adds to one
  std::vector<StreamInfo> streams;
  std::vector<Chapter> chapters;
  std::vector<Attachment> attachments;
  Tags tags;
};

inline constexpr int kVideoStream = -1;
inline constexpr int kBaseStream = -3;  // the video's base; packets in decoding order
inline constexpr int64_t kNoTimestamp = INT64_MIN;

// A piece of a copied stream or of coded video. Times are ticks of the
// stream's time base; a missing dts equals pts.
struct MediaPacket {
  int stream = kVideoStream;  // or kBaseStream, or an index into MediaInfo::streams
  std::vector<uint8_t> data;
  int64_t pts = 0;
  int64_t dts = kNoTimestamp;
  int64_t duration = 0;
  int64_t discard_samples = 0;  // of audio, to be dropped from the end
  std::string cue_id;           // of WebVTT, which containers keep beside the text
  std::string cue_settings;
  bool key = true;
};

// What a reader delivers next: exactly one of the two.
struct MediaItem {
  ConstFramePtr frame;
  int64_t duration = 0;  // of the frame, exact; Frame::duration may be a guess
  std::unique_ptr<MediaPacket> packet;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_MEDIA_INFO_H_
