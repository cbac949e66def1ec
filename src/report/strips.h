// Strips: the same crop of the same frame from every codec at about the same bit
// rate, beside the source.

#ifndef FURL_REPORT_STRIPS_H_
#define FURL_REPORT_STRIPS_H_

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "image/frame.h"
#include "report/frame_image.h"
#include "report/result_set.h"

namespace furl::report {

// Receives decoded frames in display order; an error stops the decoding.
using FrameSink = std::function<Status(ConstFramePtr)>;

struct OriginalClip {
  std::vector<ConstFramePtr> frames;  // at least one, all of one size and depth
  ColorTags color;
  double fps = 25;
};

// What was coded for a strip.
struct CodedAt {
  double level = 0;  // the one taken
  double kbps = 0;   // of the video stream
};

// Gives the pictures of clips and codecs that a ResultSet names. kUnsupported:
// this clip or codec can't be had any more, the strips do without it.
class PictureSource {
 public:
  virtual ~PictureSource() = default;
  virtual Result<OriginalClip> Original(const std::string& clip) = 0;
  // Codes and decodes the clip at the level next to `level` that the codec takes.
  virtual Result<CodedAt> Coded(const std::string& codec, const std::string& clip, double level,
                                const FrameSink& sink) = 0;
};

struct StripOptions {
  std::string subject;  // codec whose worst frame is shown
  int crop_width = 320;
  int crop_height = 240;
};

// Two strips per clip, its middle frame and the subject's worst one, at a rate
// that all codecs of the clip reach: a third of the way up the common range of
// rates, in logarithms. The crop is where the codecs' errors together are
// largest. Clips of fewer than two codecs have none.
//
// {"notices": [...], "clips": [{"clip", "kbps", "codecs": [{"codec", "level",
// "kbps", "mean", "low", "worst", "worst_frame"}], "strips": [{"kind": "middle" or
// "worst", "frame", "time", "crop": [x, y, w, h], "tiles": [{"codec" (empty: the
// source), "score", "image"}]}]}]}; scores are (6Y+U+V)/8 PSNR in dB.
Result<nlohmann::ordered_json> MakeStrips(const ResultSet& results, const StripOptions& options,
                                          PictureSource& source);

// The level at which the codec's curve passes `kbps`: linear in the logarithm of
// the rate between neighbours, the nearest end outside. The curve has a level.
double LevelAtRate(const ClipCurve& curve, double kbps);

// The window of that size (less where the picture is smaller), on a grid of 16
// luma samples, in which the squared luma errors of all `decoded` add up to most.
Rect HardestCrop(const Frame& original, const std::vector<ConstFramePtr>& decoded, int width,
                 int height);

}  // namespace furl::report

#endif  // FURL_REPORT_STRIPS_H_
