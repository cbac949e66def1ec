// How the clips of conformance streams and golden sizes are coded.

#ifndef FURL_TESTS_CONFORMANCE_ENCODE_CASE_H_
#define FURL_TESTS_CONFORMANCE_ENCODE_CASE_H_

#include <memory>
#include <utility>
#include <vector>

#include "codec/enc/code_frame.h"
#include "codec/enc/encoders.h"
#include "conformance/cases.h"
#include "support/test_video.h"

namespace furl::test {

// An encoder for the clip of a case, with its model.
inline Result<std::unique_ptr<Encoder>> OpenEncoder(const ConformanceCase& c,
                                                    Preset preset = EncoderSettings().preset) {
  FURL_ASSIGN_OR_RETURN(const FamilyPtr family, FamilyOf(c.name));
  FURL_ASSIGN_OR_RETURN(FamilyEncoderPtr family_encoder, CreateFamilyEncoder(family));
  EncoderSettings settings;
  settings.width = c.width;
  settings.height = c.height;
  settings.bit_depth = c.bit_depth;
  settings.crf = c.crf;
  settings.preset = preset;
  settings.low_delay = c.low_delay;
  settings.gop_seconds = c.gop_frames / settings.frame_rate.value();
  if (c.base) {
    settings.base = BaseFormat{c.base.width, c.base.height, c.base.bit_depth};
    settings.base_use = c.base.added == Added::kPictures ? BaseUse::kFull
                        : c.base.added == Added::kFilter ? BaseUse::kFilter
                                                         : BaseUse::kAuto;
  }
  return Encoder::Create(settings, std::move(family_encoder));
}

// The clip of a case.
inline std::vector<ConstFramePtr> VideoOf(const ConformanceCase& c) {
  return c.content == Content::kPages
             ? MakePages(c.width, c.height, c.bit_depth, c.frames)
             : MakeVideo(c.width, c.height, c.bit_depth, c.frames, c.cut_at);
}

// The picture below a frame: its nearest samples, with few levels, as codecs leave it at low rates.
// Where GOPs are to be of either kind, all of every second one is in blocks, which no filter mends.
inline ConstFramePtr BaseOf(const ConformanceCase& c, const Frame& frame) {
  const bool poor = c.base.added == Added::kEither && frame.pts / c.gop_frames % 2 == 1;
  const int block = poor ? 8 : 1;
  const FramePtr base = Frame::Create(c.base.width, c.base.height, c.base.bit_depth).value();
  for (int p = 0; p < 3; ++p) {
    const ConstPlane from = frame.plane(p);
    const Plane to = base->plane(p);
    for (int y = 0; y < to.height; ++y) {
      const uint16_t* row = from.row((2 * (y - y % block) + 1) * from.height / (2 * to.height));
      for (int x = 0; x < to.width; ++x) {
        const int sample = row[(2 * (x - x % block) + 1) * from.width / (2 * to.width)];
        const int eight_bits = sample >> (c.bit_depth - 8);
        to.row(y)[x] = static_cast<uint16_t>((eight_bits / 16 * 16 + 8) << (c.base.bit_depth - 8));
      }
    }
  }
  base->set_tag(frame.tag());
  return base;
}

// Codes the whole video of a case, above its base, and gives every packet to `take`.
inline Status CodeVideo(Encoder* encoder, const ConformanceCase& c,
                        const std::vector<ConstFramePtr>& video, const PacketSink& take) {
  for (const ConstFramePtr& frame : video) {
    Encoder::BaseInput base;
    if (c.base) base = {BaseOf(c, *frame), frame->pts % c.gop_frames == 0};
    FURL_RETURN_IF_ERROR(CodeFrame(encoder, frame, base, take));
  }
  return CodeFrame(encoder, nullptr, {}, take);
}

}  // namespace furl::test

#endif  // FURL_TESTS_CONFORMANCE_ENCODE_CASE_H_
