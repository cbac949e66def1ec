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
  return Encoder::Create(settings, std::move(family_encoder));
}

// The clip of a case.
inline std::vector<ConstFramePtr> VideoOf(const ConformanceCase& c) {
  return c.content == Content::kPages
             ? MakePages(c.width, c.height, c.bit_depth, c.frames)
             : MakeVideo(c.width, c.height, c.bit_depth, c.frames, c.cut_at);
}

// Codes the whole video and gives every packet to `take`.
inline Status CodeVideo(Encoder* encoder, const std::vector<ConstFramePtr>& video,
                        const PacketSink& take) {
  for (const ConstFramePtr& frame : video) FURL_RETURN_IF_ERROR(CodeFrame(encoder, frame, take));
  return CodeFrame(encoder, nullptr, take);
}

}  // namespace furl::test

#endif  // FURL_TESTS_CONFORMANCE_ENCODE_CASE_H_
