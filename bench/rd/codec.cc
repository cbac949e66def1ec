#include "rd/codec.h"

namespace furl::rd {

std::span<const LibavSpec> AllLibavSpecs() {
  // One thread where threads change the result: numbers must not depend on the
  // machine. Everything else stays at the encoder's default.
  static const std::vector<LibavSpec> specs = {
      {"mpeg2video",
       "MPEG-2 video of libavcodec, its defaults, fixed quantizer",
       "mpeg2video",
       "qscale",
       {2, 3, 5, 8, 12, 18, 30},
       {{"threads", "1"}}},
      {"x264-medium",
       "x264 medium, tune psnr",
       "libx264",
       "crf",
       {17, 21, 25, 29, 33, 37, 41},
       {{"preset", "medium"}, {"tune", "psnr"}, {"threads", "1"}}},
      {"x264-veryslow",
       "x264 veryslow, tune psnr",
       "libx264",
       "crf",
       {17, 21, 25, 29, 33, 37, 41},
       {{"preset", "veryslow"}, {"tune", "psnr"}, {"threads", "1"}}},
      {"x265-medium",
       "x265 medium, tune psnr",
       "libx265",
       "crf",
       {18, 22, 26, 30, 34, 38, 42},
       {{"preset", "medium"},
        {"tune", "psnr"},
        {"x265-params", "log-level=error:frame-threads=1:pools=2"}}},
      {"x265-veryslow",
       "x265 veryslow, tune psnr",
       "libx265",
       "crf",
       {18, 22, 26, 30, 34, 38, 42},
       {{"preset", "veryslow"},
        {"tune", "psnr"},
        {"x265-params", "log-level=error:frame-threads=1:pools=2"}}},
      {"svtav1-8",
       "SVT-AV1 preset 8, tune psnr",
       "libsvtav1",
       "crf",
       {20, 28, 36, 44, 52, 60},
       {{"preset", "8"}, {"svtav1-params", "tune=1:lp=2"}}},
      {"svtav1-4",
       "SVT-AV1 preset 4, tune psnr",
       "libsvtav1",
       "crf",
       {20, 28, 36, 44, 52, 60},
       {{"preset", "4"}, {"svtav1-params", "tune=1:lp=2"}}},
  };
  return specs;
}

std::unique_ptr<Codec> MakeCodec(const std::string& name, const FurlSpec& furl) {
  if (name == furl.name) return MakeFurlCodec(furl);
  for (const LibavSpec& spec : AllLibavSpecs()) {
    if (name == spec.name) return MakeLibavCodec(spec);
  }
  return nullptr;
}

}  // namespace furl::rd
