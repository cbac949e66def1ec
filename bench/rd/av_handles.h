// Owning handles of FFmpeg objects and its error codes as Status.

#ifndef FURL_BENCH_RD_AV_HANDLES_H_
#define FURL_BENCH_RD_AV_HANDLES_H_

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>
}

#include <memory>
#include <string>

#include "base/status.h"

namespace furl::rd {

struct AvDelete {
  void operator()(AVFormatContext* p) const { avformat_close_input(&p); }
  void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
  void operator()(AVFrame* p) const { av_frame_free(&p); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
};

template <typename T>
using AvPtr = std::unique_ptr<T, AvDelete>;

inline Status AvError(int code, const std::string& what) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof(text));
  return IoError(what + ": " + text);
}

}  // namespace furl::rd

#endif  // FURL_BENCH_RD_AV_HANDLES_H_
