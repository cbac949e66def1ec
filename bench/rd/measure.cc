#include "rd/measure.h"

namespace furl::rd {

Result<Measurement> Measure(Codec& codec, const Clip& clip, double level) {
  const Metric& psnr = *FindMetric("psnr");
  SequenceScore score(psnr, clip.width, clip.height, clip.bit_depth);
  size_t next = 0;
  FURL_ASSIGN_OR_RETURN(const int64_t bytes,
                        codec.Run(clip, level, [&](ConstFramePtr frame) -> Status {
                          if (next >= clip.frames.size())
                            return InternalError("more frames decoded than encoded");
                          auto measured = MeasureFrame(psnr, *clip.frames[next++], *frame);
                          if (!measured.ok()) return measured.status();
                          score.Add(*measured);
                          return OkStatus();
                        }));
  if (next != clip.frames.size()) {
    return InternalError("decoded " + std::to_string(next) + " of " +
                         std::to_string(clip.frames.size()) + " frames");
  }
  Measurement result;
  result.level = level;
  result.bits = bytes * 8;
  result.kbps = static_cast<double>(result.bits) / clip.seconds() / 1000;
  result.bpp = static_cast<double>(result.bits) /
               (static_cast<double>(clip.frames.size()) * clip.width * clip.height);
  result.mean = score.mean();
  result.pooled = score.pooled();
  return result;
}

}  // namespace furl::rd
