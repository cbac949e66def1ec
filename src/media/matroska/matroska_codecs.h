// How libav's audio and subtitle codecs are called and framed in Matroska.

#ifndef FURL_MEDIA_MATROSKA_MATROSKA_CODECS_H_
#define FURL_MEDIA_MATROSKA_MATROSKA_CODECS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/libav/subtitle_converter.h"
#include "media/media_info.h"

namespace furl::media {

// What must happen to a packet before it becomes a block.
enum class PacketChange { kNone, kStripAdts, kConvertText, kWebVttCue };

struct MatroskaTrackCodec {
  std::string id;  // "A_AAC"
  std::vector<uint8_t> private_data;
  int64_t delay_ns = 0;  // Opus: samples before the audible ones
  int64_t seek_preroll_ns = 0;
  PacketChange change = PacketChange::kNone;
  std::unique_ptr<SubtitleConverter> converter;  // of kConvertText
};

// Text that Matroska has no name for becomes SubRip, as far as `budget` goes; `notice` is told of
// what can't be read of it. kUnsupported, naming the codec, if Matroska or this table has no
// place for it.
Result<MatroskaTrackCodec> MatroskaCodecOf(const StreamInfo& stream,
                                           const ConversionBudgetPtr& budget,
                                           const NoticeFn& notice);

// Matroska's name of the codec of a base; kUnsupported, naming it, if it is none a base may have.
Result<const char*> MatroskaBaseCodec(const BaseInfo& base);

// The packet's bytes as Matroska wants them; empty means "leave it out", unless
// the packet goes in unchanged.
std::vector<uint8_t> BlockData(const MatroskaTrackCodec& codec, const MediaPacket& packet);

}  // namespace furl::media

#endif  // FURL_MEDIA_MATROSKA_MATROSKA_CODECS_H_
