#include "media/libav/libav_util.h"

extern "C" {
#include <libavutil/avutil.h>
#include <libavutil/display.h>
#include <libavutil/error.h>
#include <libavutil/log.h>
#include <libavutil/mathematics.h>
}

#include <poll.h>
#include <strings.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <mutex>

namespace furl::media {
namespace {

std::mutex log_mutex;
NoticeFn log_sink;

void LogCallback(void* object, int level, const char* format, va_list args) {
  if (level > AV_LOG_WARNING) return;
  char line[1024];
  int print_prefix = 1;
  std::lock_guard<std::mutex> lock(log_mutex);
  if (!log_sink) return;
  av_log_format_line(object, level, format, args, line, sizeof(line), &print_prefix);
  std::string text(line);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  if (!text.empty()) log_sink(text);
}

// Whether a read would not wait. Waits a moment for that, no longer: signals that ask for a stop
// may reach another thread.
bool IsReady(int fd) {
  constexpr int kMomentMs = 100;
  pollfd waited = {fd, POLLIN, 0};
  return poll(&waited, 1, kMomentMs) != 0;
}

}  // namespace

void AvDeleter::operator()(AVIOContext* p) const {
  av_freep(&p->buffer);  // may be another than it began with
  avio_context_free(&p);
}

Result<AvIoPtr> MakeAvIo(void* self, const AvIoFunctions& functions) {
  auto* buffer = static_cast<uint8_t*>(av_malloc(kAvIoBufferSize));
  if (buffer == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  const int writes = functions.write != nullptr ? 1 : 0;
  AvIoPtr io(avio_alloc_context(buffer, kAvIoBufferSize, writes, self, functions.read,
                                functions.write, functions.seek));
  if (io == nullptr) {
    av_free(buffer);
    return Status(StatusCode::kOutOfMemory, "out of memory");
  }
  return io;
}

Rational AspectAtSize(Rational aspect, int width, int height, int to_width, int to_height,
                      int64_t most) {
  int num = 1;
  int den = 1;
  av_reduce(&num, &den, aspect.num * width * to_height, aspect.den * height * to_width, most);
  return {num, std::max(den, 1)};
}

int ReadFd(int fd, uint8_t* data, int size, int64_t offset, const CancelFn& cancelled) {
  const auto count = static_cast<size_t>(size);
  for (;;) {
    if (cancelled && cancelled()) return AVERROR_EXIT;
    if (cancelled && offset < 0 && !IsReady(fd)) continue;
    const ssize_t n = offset < 0 ? read(fd, data, count) : pread(fd, data, count, offset);
    if (n >= 0) return static_cast<int>(n);
    if (errno != EINTR) return AVERROR(errno);
  }
}

Status AvStatus(int error, std::string_view what, StatusCode otherwise) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(error, text, sizeof(text));
  std::string message = std::string(what) + ": " + text;
  switch (error) {
    case AVERROR(EINTR):  // only signals that stop us have handlers
    case AVERROR_EXIT: return {StatusCode::kCancelled, "interrupted"};
    case AVERROR(ENOMEM): return {StatusCode::kOutOfMemory, std::move(message)};
    case AVERROR_DECODER_NOT_FOUND:
    case AVERROR_DEMUXER_NOT_FOUND:
    case AVERROR_ENCODER_NOT_FOUND:
    case AVERROR_FILTER_NOT_FOUND:
    case AVERROR_MUXER_NOT_FOUND:
    case AVERROR_PROTOCOL_NOT_FOUND:
    case AVERROR_PATCHWELCOME: return {StatusCode::kUnsupported, std::move(message)};
    case AVERROR(EIO):
    case AVERROR(ENOENT):
    case AVERROR(EACCES):
    case AVERROR(EPERM):
    case AVERROR(EISDIR):
    case AVERROR(ENOTDIR):
    case AVERROR(ENAMETOOLONG):
    case AVERROR(EMFILE):
    case AVERROR(EBADF):
    case AVERROR(ENXIO):
    case AVERROR(ENOSPC):
    case AVERROR(EFBIG):
    case AVERROR(EPIPE):
    case AVERROR(ECONNREFUSED):
    case AVERROR(ECONNRESET):
    case AVERROR(ETIMEDOUT):
    case AVERROR(ENETUNREACH):
    case AVERROR(EHOSTUNREACH):
    case AVERROR_HTTP_BAD_REQUEST:
    case AVERROR_HTTP_UNAUTHORIZED:
    case AVERROR_HTTP_FORBIDDEN:
    case AVERROR_HTTP_NOT_FOUND:
    case AVERROR_HTTP_OTHER_4XX:
    case AVERROR_HTTP_SERVER_ERROR: return {StatusCode::kIo, std::move(message)};
    default: return {otherwise, std::move(message)};
  }
}

int64_t Rescale(int64_t ticks, Rational from, Rational to) {
  if (ticks == kNoTimestamp) return ticks;
  return av_rescale_q_rnd(ticks, ToAv(from), ToAv(to), AV_ROUND_NEAR_INF);
}

int64_t ToNanoseconds(int64_t ticks, Rational time_base) {
  return Rescale(ticks, time_base, {1, 1000000000});
}

Tags TagsFromAv(const AVDictionary* dict) {
  Tags tags;
  const AVDictionaryEntry* entry = nullptr;
  while ((entry = av_dict_get(dict, "", entry, AV_DICT_IGNORE_SUFFIX)) != nullptr) {
    tags.emplace_back(entry->key, entry->value);
  }
  return tags;
}

void TagsToAv(const Tags& tags, AVDictionary** dict) {
  for (const auto& [key, value] : tags) av_dict_set(dict, key.c_str(), value.c_str(), 0);
}

std::string FindTag(const Tags& tags, std::string_view key) {
  for (const auto& [name, value] : tags) {
    if (name.size() == key.size() && strncasecmp(name.data(), key.data(), key.size()) == 0) {
      return value;
    }
  }
  return {};
}

ColorTags ColorFromAv(AVColorPrimaries primaries, AVColorTransferCharacteristic transfer,
                      AVColorSpace matrix, AVColorRange range, AVChromaLocation location) {
  ColorTags tags;
  tags.primaries = static_cast<uint8_t>(primaries);
  tags.transfer = static_cast<uint8_t>(transfer);
  tags.matrix = static_cast<uint8_t>(matrix);
  tags.full_range = range == AVCOL_RANGE_JPEG;
  // libav counts from 1 and keeps 0 for "unspecified".
  tags.chroma_location =
      location == AVCHROMA_LOC_UNSPECIFIED ? 255 : static_cast<uint8_t>(location - 1);
  return tags;
}

AVColorRange RangeToAv(const ColorTags& color) {
  return color.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
}

AVChromaLocation ChromaLocationToAv(const ColorTags& color) {
  if (color.chroma_location > 5) return AVCHROMA_LOC_UNSPECIFIED;
  return static_cast<AVChromaLocation>(color.chroma_location + 1);
}

std::string CodecName(const AVCodecParameters& params) {
  if (params.codec_id != AV_CODEC_ID_NONE) return avcodec_get_name(params.codec_id);
  if (params.codec_tag == 0) return "an unknown codec";
  char tag[AV_FOURCC_MAX_STRING_SIZE] = {};
  return std::string("an unknown codec (") + av_fourcc_make_string(tag, params.codec_tag) + ")";
}

int RotationFromMatrix(const int32_t* matrix) {
  const double counterclockwise = av_display_rotation_get(matrix);
  if (std::isnan(counterclockwise)) return 0;
  const int clockwise = static_cast<int>(std::lround(-counterclockwise));
  return (clockwise % 360 + 360) % 360;
}

Result<std::shared_ptr<const AVCodecParameters>> CopyParameters(const AVCodecParameters& params) {
  return CopyParameters(params, params.codec_id);
}

Result<std::shared_ptr<const AVCodecParameters>> CopyParameters(const AVCodecParameters& params,
                                                                AVCodecID codec) {
  AVCodecParameters* copy = avcodec_parameters_alloc();
  std::shared_ptr<const AVCodecParameters> owner(copy, [](const AVCodecParameters* p) {
    auto* mutable_p = const_cast<AVCodecParameters*>(p);
    avcodec_parameters_free(&mutable_p);
  });
  if (copy == nullptr || avcodec_parameters_copy(copy, &params) < 0) {
    return Status(StatusCode::kOutOfMemory, "out of memory");
  }
  copy->codec_id = codec;
  return owner;
}

int64_t FrameDuration(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_MAJOR >= 58
  return frame.duration;
#else
  return frame.pkt_duration;
#endif
}

void SetFrameDuration(int64_t duration, AVFrame* frame) {
#if LIBAVUTIL_VERSION_MAJOR >= 58
  frame->duration = duration;
#else
  frame->pkt_duration = duration;
#endif
}

void RouteLibavLog(NoticeFn sink) {
  {
    std::lock_guard<std::mutex> lock(log_mutex);
    log_sink = std::move(sink);
  }
  av_log_set_callback(LogCallback);
}

}  // namespace furl::media
