// Clips in memory: the originals of a measurement and readers of coded video.

#ifndef FURL_BENCH_RD_CLIP_H_
#define FURL_BENCH_RD_CLIP_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "image/frame.h"

struct AVFrame;
struct AVPacket;
struct AVCodecContext;

namespace furl::rd {

// Receives decoded frames in display order; an error stops the decoding.
using FrameSink = std::function<Status(ConstFramePtr)>;

struct Clip {
  std::string name;  // file name without folder and extension
  std::string path;
  std::string sha256;  // of the file, hex
  int width = 0;
  int height = 0;
  int bit_depth = 8;
  int fps_num = 0;
  int fps_den = 1;
  std::vector<ConstFramePtr> frames;

  double fps() const { return static_cast<double>(fps_num) / fps_den; }
  double seconds() const { return static_cast<double>(frames.size()) / fps(); }
};

// Decodes the first video stream of `path` into memory. Only 4:2:0 at 8 or 10
// bit, and at most 2^31 samples in total.
Result<Clip> LoadClip(const std::string& path);

// Decodes the first video stream of anything libavformat opens (a file or
// "pipe:<fd>"), frame after frame. `format` forces a demuxer unless null.
Status DecodeUrl(const std::string& url, const char* format, const FrameSink& sink);

// Bytes of the packets of the first video stream of `path` plus its codec
// private data, without decoding: the size of the video stream.
Result<int64_t> VideoStreamBytes(const std::string& path);

// Copies between furl's and FFmpeg's frames (4:2:0, 8 or 10 bit).
Result<FramePtr> FromAvFrame(const AVFrame& source);
Status ToAvFrame(const Frame& source, AVFrame* target);

// Sends one packet (null to flush) and hands every frame that comes out to
// `sink`.
Status DecodePacket(AVCodecContext* decoder, const AVPacket* packet, const FrameSink& sink);

}  // namespace furl::rd

#endif  // FURL_BENCH_RD_CLIP_H_
