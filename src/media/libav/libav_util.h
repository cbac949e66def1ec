// Ownership, errors and small conversions at the edge to FFmpeg's libraries.

#ifndef FURL_MEDIA_LIBAV_LIBAV_UTIL_H_
#define FURL_MEDIA_LIBAV_LIBAV_UTIL_H_

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
}

#include <memory>
#include <string>
#include <string_view>

#include "base/rational.h"
#include "base/status.h"
#include "image/frame.h"
#include "media/media_info.h"

namespace furl::media {

struct AvDeleter {
  void operator()(AVFrame* p) const { av_frame_free(&p); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
  void operator()(AVFilterGraph* p) const { avfilter_graph_free(&p); }
  void operator()(AVIOContext* p) const;  // and its buffer
};
using AvFramePtr = std::unique_ptr<AVFrame, AvDeleter>;
using AvPacketPtr = std::unique_ptr<AVPacket, AvDeleter>;
using AvCodecContextPtr = std::unique_ptr<AVCodecContext, AvDeleter>;
using AvFilterGraphPtr = std::unique_ptr<AVFilterGraph, AvDeleter>;
using AvIoPtr = std::unique_ptr<AVIOContext, AvDeleter>;

// The shape of pixels that `aspect` is of at one size, where the same picture is shown of another:
// in numbers up to `most`.
Rational AspectAtSize(Rational aspect, int width, int height, int to_width, int to_height,
                      int64_t most);

// Input or output of libavformat by functions of ours, called with `self` and
// pieces of up to kAvIoBufferSize bytes. Null: can't be done. See avio_alloc_context().
struct AvIoFunctions {
  int (*read)(void* self, uint8_t* data, int size) = nullptr;
  int (*write)(void* self, uint8_t* data, int size) = nullptr;
  int64_t (*seek)(void* self, int64_t offset, int whence) = nullptr;
};
inline constexpr int kAvIoBufferSize = 64 << 10;

// kOutOfMemory.
Result<AvIoPtr> MakeAvIo(void* self, const AvIoFunctions& functions);

// Up to `size` bytes of a file at `offset` (pread(2)), or, if that is negative,
// from where it stands (read(2)); begun again when a signal came in between. Their
// number, 0 at the end, or a negative libav error: AVERROR_EXIT if `cancelled`
// says so before.
int ReadFd(int fd, uint8_t* data, int size, int64_t offset, const CancelFn& cancelled);

// A libav error code as a status: missing files, failed reads and networks are kIo,
// unknown formats and codecs kUnsupported, the rest `otherwise`.
Status AvStatus(int error, std::string_view what,
                StatusCode otherwise = StatusCode::kInvalidStream);

inline AVRational ToAv(Rational r) { return {static_cast<int>(r.num), static_cast<int>(r.den)}; }
inline Rational FromAv(AVRational r) { return {r.num, r.den}; }

// `ticks` of `from` in the nearest ticks of `to`; kNoTimestamp stays.
int64_t Rescale(int64_t ticks, Rational from, Rational to);
int64_t ToNanoseconds(int64_t ticks, Rational time_base);

Tags TagsFromAv(const AVDictionary* dict);
void TagsToAv(const Tags& tags, AVDictionary** dict);
// The value of `key` (case ignored), or an empty string.
std::string FindTag(const Tags& tags, std::string_view key);

ColorTags ColorFromAv(AVColorPrimaries primaries, AVColorTransferCharacteristic transfer,
                      AVColorSpace matrix, AVColorRange range, AVChromaLocation location);
AVColorRange RangeToAv(const ColorTags& color);
AVChromaLocation ChromaLocationToAv(const ColorTags& color);

// "aac", or what the file says of a codec that isn't known: "an unknown codec (abcd)".
std::string CodecName(const AVCodecParameters& params);

// Clockwise display rotation in [0, 360) of a display matrix (9 int32).
int RotationFromMatrix(const int32_t* matrix);

// A copy the caller may share; `codec` instead of the one that `params` has.
Result<std::shared_ptr<const AVCodecParameters>> CopyParameters(const AVCodecParameters& params);
Result<std::shared_ptr<const AVCodecParameters>> CopyParameters(const AVCodecParameters& params,
                                                                AVCodecID codec);

// Duration of a decoded frame in ticks of its packet's time base, 0 if unknown.
int64_t FrameDuration(const AVFrame& frame);
void SetFrameDuration(int64_t duration, AVFrame* frame);

// Silences libav's own printing for the process: messages go to `sink` (or
// nowhere, when empty) instead of stderr.
void RouteLibavLog(NoticeFn sink);

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_LIBAV_UTIL_H_
