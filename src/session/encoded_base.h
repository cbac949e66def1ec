// EncodedBase: a base that is made of the original along with the video above it.

#ifndef FURL_SESSION_ENCODED_BASE_H_
#define FURL_SESSION_ENCODED_BASE_H_

#include <memory>
#include <string>

#include "codec/enc/encoder_settings.h"
#include "media/base/base_decoder.h"
#include "media/base/base_encoder.h"
#include "session/base_source.h"

namespace furl::session {

class EncodedBase : public BaseSource {
 public:
  // For frames of `video`; errors as BaseEncoder::Create has them.
  static Result<std::unique_ptr<BaseSource>> Create(const media::BaseOptions& options,
                                                    const media::VideoInfo& video);

  BaseFormat format() const override { return encoder_->format(); }
  std::string description() const override { return encoder_->description(); }
  std::string name() const override { return "the base"; }
  void Describe(media::MediaInfo* info) const override { info->base = encoder_->info(); }
  Status Advance(const ConstFramePtr& original, const Sinks& sinks) override;

 private:
  EncodedBase() = default;

  std::unique_ptr<media::BaseEncoder> encoder_;
  std::unique_ptr<media::BaseDecoder> decoder_;
};

// A base's crf that goes with furl's: as good as what is wanted where only a filter comes on top,
// else about as poor as costs least in all (decision 23).
int BaseCrf(const std::string& encoder, double crf, BaseUse use);

}  // namespace furl::session

#endif  // FURL_SESSION_ENCODED_BASE_H_
