#include "session/encoded_base.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace furl::session {

Result<std::unique_ptr<BaseSource>> EncodedBase::Create(const media::BaseOptions& options,
                                                        const media::VideoInfo& video) {
  std::unique_ptr<EncodedBase> base(new EncodedBase);
  FURL_ASSIGN_OR_RETURN(base->encoder_, media::BaseEncoder::Create(options, video));
  FURL_ASSIGN_OR_RETURN(base->decoder_,
                        media::BaseDecoder::Create(base->encoder_->info(), options.threads));
  return std::unique_ptr<BaseSource>(std::move(base));
}

// What is coded is decoded at once: the decoded base is what the encoder above it sees.
Status EncodedBase::Advance(const ConstFramePtr& original, const Sinks& sinks) {
  const auto take = [&](media::MediaPacket packet) -> Status {
    const media::MediaPacket coded = packet;
    FURL_RETURN_IF_ERROR(sinks.packet(std::move(packet)));
    return decoder_->Decode(&coded, sinks.picture);
  };
  FURL_RETURN_IF_ERROR(encoder_->Encode(original, take));
  return original != nullptr ? OkStatus() : decoder_->Decode(nullptr, sinks.picture);
}

// x264's scale is furl's, nearly.
int BaseCrf(const std::string& encoder, double crf, BaseUse use) {
  const double x264 = crf + (use == BaseUse::kFilter ? -6 : 6);
  if (encoder == "av1") return static_cast<int>(std::clamp(std::round(1.5 * x264), 1.0, 63.0));
  return static_cast<int>(std::clamp(std::round(x264), 1.0, 51.0));
}

}  // namespace furl::session
