#include "session/scaled_video.h"

#include "media/filter/filter_chain.h"
#include "media/libav/frame_convert.h"
#include "media/libav/libav_util.h"

namespace furl::session {
namespace {

class ScaledVideo : public media::VideoReader {
 public:
  ScaledVideo(std::unique_ptr<media::VideoReader> source, const media::FilterOptions& options)
      : source_(std::move(source)), chain_(options), info_(source_->info()) {
    info_.video.width = options.scale_width;
    info_.video.height = options.scale_height;
  }

  const media::MediaInfo& info() const override { return info_; }

  Result<media::MediaItem> Next() override {
    FURL_ASSIGN_OR_RETURN(media::MediaItem item, source_->Next());
    if (item.frame == nullptr) return item;
    const media::VideoInfo& video = source_->info().video;
    FURL_ASSIGN_OR_RETURN(media::AvFramePtr picture, media::FrameToAv(*item.frame, /*even=*/false));
    picture->pts = item.frame->pts;
    picture->color_range = media::RangeToAv(video.color);
    picture->colorspace = static_cast<AVColorSpace>(video.color.matrix);
    picture->chroma_location = media::ChromaLocationToAv(video.color);
    if (!prepared_) FURL_RETURN_IF_ERROR(chain_.Prepare(*picture, {video.time_base}));
    prepared_ = true;
    FURL_RETURN_IF_ERROR(chain_.Send(picture.get()));
    // Scaling holds nothing back.
    FURL_ASSIGN_OR_RETURN(FramePtr scaled, chain_.Receive());
    scaled->pts = item.frame->pts;
    scaled->duration = item.frame->duration;
    item.frame = std::move(scaled);
    return item;
  }

 private:
  std::unique_ptr<media::VideoReader> source_;
  media::FilterChain chain_;
  bool prepared_ = false;
  media::MediaInfo info_;
};

}  // namespace

std::unique_ptr<media::VideoReader> MakeScaledVideo(std::unique_ptr<media::VideoReader> source,
                                                    int width, int height) {
  media::FilterOptions options;
  options.scale_width = width;
  options.scale_height = height;
  return std::make_unique<ScaledVideo>(std::move(source), options);
}

}  // namespace furl::session
