// PictureCoder: a camera's pictures to packets, where nothing happens at a fraction of the rate.

#ifndef FURL_SESSION_RECORD_PICTURE_CODER_H_
#define FURL_SESSION_RECORD_PICTURE_CODER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "codec/common/family.h"
#include "codec/enc/encoder.h"
#include "media/media_info.h"
#include "session/record/record_settings.h"

namespace furl::session {

// How a picture is to be coded.
struct PictureUse {
  bool quiet = false;   // nothing happens in it
  bool begins = false;  // a GOP begins with it
};

class PictureCoder {
 public:
  // `encoder`: preset, threads and delay count. For pictures as `video` has them, whose times are
  // wall ticks (wall_times.h).
  static Result<std::unique_ptr<PictureCoder>> Create(const CameraSettings& camera,
                                                      const EncoderSettings& encoder,
                                                      const media::VideoInfo& video,
                                                      FamilyEncoderPtr family);

  std::span<const uint8_t> sequence_header() const { return encoder_->sequence_header(); }
  const EncoderSettings& settings() const { return settings_; }

  // Gives `take` what is ready when the next picture has come, in coding order; what it returns is
  // returned if it isn't OK. Quiet pictures may be left out. False: this one was.
  using TakeFn = std::function<Status(media::MediaPacket packet)>;
  Result<bool> Code(const ConstFramePtr& frame, const PictureUse& use, const TakeFn& take);
  // There are no more pictures.
  Status Finish(const TakeFn& take);

 private:
  explicit PictureCoder(const CameraSettings& camera);
  bool IsDue(int64_t pts, bool quiet) const;

  const double quiet_offset_;  // of the crf
  const int64_t quiet_gop_;    // wall ticks
  const int64_t quiet_step_;   // between pictures
  EncoderSettings settings_;
  std::unique_ptr<Encoder> encoder_;
  std::optional<int64_t> last_key_;
  int64_t last_ = 0;  // picture that was coded
};

}  // namespace furl::session

#endif  // FURL_SESSION_RECORD_PICTURE_CODER_H_
