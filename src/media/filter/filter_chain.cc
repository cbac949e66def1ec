#include "media/filter/filter_chain.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <fmt/format.h>

#include <cmath>

#include "media/filter/filter_steps.h"
#include "media/libav/frame_convert.h"

namespace furl::media {
namespace {

constexpr int kMaxSide = 16384;

// The side that keeps the shape, rounded to an even number.
int ProportionalSide(int target, int side, int other) {
  const double exact = static_cast<double>(target) * side / other;
  return std::max(2, 2 * static_cast<int>(std::lround(exact / 2)));
}

}  // namespace

Status FilterChain::Prepare(const AVFrame& picture, const FilterGraph::Times& times) {
  source_ = changed_ = times;
  FURL_RETURN_IF_ERROR(BuildChanges(picture));
  if (changes_ != nullptr) changed_ = {changes_->time_base(), changes_->frame_rate()};
  return OkStatus();
}

// Fields double the frame rate, which has to be known from the start: whatever the first picture
// is, later ones may be interlaced.
bool FilterChain::Deinterlaces(const AVFrame& picture) const {
  return options_.deinterlace == Deinterlace::kFields ||
         (options_.deinterlace == Deinterlace::kAuto && IsInterlaced(picture));
}

Status FilterChain::Send(const AVFrame* picture) {
  if (picture == nullptr) {
    ended_ = true;
    if (changes_ != nullptr) {
      FURL_RETURN_IF_ERROR(changes_->Send(nullptr));
      FURL_RETURN_IF_ERROR(DrainChanges());
    }
    if (conversion_ == nullptr) return OkStatus();
    FURL_RETURN_IF_ERROR(conversion_->Send(nullptr));
    return DrainConversion();
  }
  source_duration_ = FrameDuration(*picture);
  if (KindOf(*picture) != source_kind_ || (Deinterlaces(*picture) && !deinterlacing_)) {
    if (changes_ != nullptr) {
      FURL_RETURN_IF_ERROR(changes_->Send(nullptr));
      FURL_RETURN_IF_ERROR(DrainChanges());
    }
    FURL_RETURN_IF_ERROR(BuildChanges(*picture));
  }
  if (changes_ == nullptr) return Convert(*picture);
  FURL_RETURN_IF_ERROR(changes_->Send(picture));
  return DrainChanges();
}

void FilterChain::Restart() {
  changes_.reset();
  conversion_.reset();
  source_kind_ = changed_kind_ = {};
  ready_.clear();
}

Status FilterChain::BuildChanges(const AVFrame& picture) {
  const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture.format));
  if (format == nullptr || (format->flags & AV_PIX_FMT_FLAG_HWACCEL) != 0) {
    return Unsupported("unknown pixel format");
  }
  source_kind_ = KindOf(picture);
  deinterlacing_ = deinterlacing_ || Deinterlaces(picture);
  FURL_ASSIGN_OR_RETURN(const std::string steps, ChangeSteps(options_, picture, deinterlacing_));
  changes_.reset();
  if (steps.empty()) return OkStatus();
  FURL_ASSIGN_OR_RETURN(changes_, FilterGraph::Create(picture, source_, steps));
  return OkStatus();
}

Status FilterChain::DrainChanges() {
  for (;;) {
    FURL_ASSIGN_OR_RETURN(const AvFramePtr picture, changes_->Receive());
    if (picture == nullptr) return OkStatus();
    // A graph that was built later may count in other ticks than the first.
    const Rational ticks = changes_->time_base();
    picture->pts = Rescale(picture->pts, ticks, changed_.time_base);
    SetFrameDuration(ChangedDuration(*picture), picture.get());
    FURL_RETURN_IF_ERROR(Convert(*picture));
  }
}

// In changed ticks. Filters that make other ticks or more pictures say anything of durations, so
// that what went in last counts there.
int64_t FilterChain::ChangedDuration(const AVFrame& picture) const {
  const Rational rate = changes_->frame_rate();
  const bool same_rate =
      rate.num <= 0 || source_.frame_rate.num <= 0 || rate.value() == source_.frame_rate.value();
  if (same_rate && changes_->time_base() == source_.time_base) {
    return Rescale(FrameDuration(picture), source_.time_base, changed_.time_base);
  }
  const int64_t duration = Rescale(source_duration_, source_.time_base, changed_.time_base);
  if (same_rate) return duration;
  const double ratio = source_.frame_rate.value() / rate.value();
  return std::llround(static_cast<double>(duration) * ratio);
}

Status FilterChain::Convert(const AVFrame& picture) {
  if (KindOf(picture) != changed_kind_) {
    if (conversion_ != nullptr) {
      FURL_RETURN_IF_ERROR(conversion_->Send(nullptr));
      FURL_RETURN_IF_ERROR(DrainConversion());
    }
    FURL_RETURN_IF_ERROR(BuildConversion(picture));
  }
  if (conversion_ == nullptr) return TakeFrame(picture);
  FURL_RETURN_IF_ERROR(conversion_->Send(&picture));
  return DrainConversion();
}

Status FilterChain::BuildConversion(const AVFrame& picture) {
  const bool first = output_width_ == 0;
  if (first) {
    FURL_RETURN_IF_ERROR(ChooseOutput(picture));
  } else if (changed_kind_.width > 0) {
    Notice(fmt::format("the picture changes to {}x{}; it is converted to {}x{}", picture.width,
                       picture.height, output_width_, output_height_));
  }
  changed_kind_ = KindOf(picture);
  FURL_ASSIGN_OR_RETURN(const std::string steps, ConversionSteps(picture));
  conversion_.reset();
  if (!steps.empty()) {
    FURL_ASSIGN_OR_RETURN(conversion_, FilterGraph::Create(picture, changed_, steps));
  }
  if (first) Describe(picture);
  return OkStatus();
}

Status FilterChain::ChooseOutput(const AVFrame& picture) {
  const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture.format));
  const int width = picture.width;
  const int height = picture.height;
  output_depth_ = format->comp[0].depth > 8 ? 10 : 8;
  output_width_ = options_.scale_width > 0 ? options_.scale_width : width;
  output_height_ = options_.scale_height > 0 ? options_.scale_height : height;
  if (options_.scale_width < 0) output_width_ = ProportionalSide(output_height_, width, height);
  if (options_.scale_height < 0) output_height_ = ProportionalSide(output_width_, height, width);
  if (output_width_ > kMaxSide || output_height_ > kMaxSide) {
    return LimitExceeded("the scaled picture has a side above 16384");
  }
  return OkStatus();
}

Result<std::string> FilterChain::ConversionSteps(const AVFrame& picture) {
  const auto pixel_format = static_cast<AVPixelFormat>(picture.format);
  const AVPixFmtDescriptor& format = *av_pix_fmt_desc_get(pixel_format);
  const AVPixelFormat target = output_depth_ > 8 ? AV_PIX_FMT_YUV420P10 : AV_PIX_FMT_YUV420P;
  const bool native =
      IsNativeFormat(pixel_format) && (format.comp[0].depth > 8) == (output_depth_ > 8);
  std::string steps;
  if (!native || picture.width != output_width_ || picture.height != output_height_) {
    steps += ScaleStep(picture, target, output_width_, output_height_);
  }
  if (!native) {
    const bool alpha = (format.flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
    Notice(fmt::format("{} is converted to {}-bit 4:2:0{}", format.name, output_depth_,
                       alpha ? "; its transparency is lost" : ""));
  }
  if (options_.frame_rate.num > 0) {
    steps += fmt::format("fps=fps={}/{},", options_.frame_rate.num, options_.frame_rate.den);
  }
  if (!steps.empty()) steps += "format=yuv420p|yuvj420p|nv12|yuv420p10le|p010le";
  return steps;
}

Status FilterChain::DrainConversion() {
  for (;;) {
    FURL_ASSIGN_OR_RETURN(const AvFramePtr picture, conversion_->Receive());
    if (picture == nullptr) return OkStatus();
    FURL_RETURN_IF_ERROR(TakeFrame(*picture));
  }
}

Status FilterChain::TakeFrame(const AVFrame& picture) {
  FURL_ASSIGN_OR_RETURN(FramePtr frame, FrameFromAv(picture));
  frame->pts = picture.pts;
  frame->duration = options_.frame_rate.num > 0 ? 1 : FrameDuration(picture);
  ready_.push_back(std::move(frame));
  return OkStatus();
}

Result<FramePtr> FilterChain::Receive() {
  if (!ready_.empty()) {
    FramePtr frame = std::move(ready_.front());
    ready_.pop_front();
    return frame;
  }
  if (ended_) return Status(StatusCode::kEndOfStream, "no more frames");
  return Status(StatusCode::kTryAgain, "send pictures first");
}

void FilterChain::Describe(const AVFrame& picture) {
  const bool converted = conversion_ != nullptr;
  const Rational aspect =
      converted ? conversion_->sample_aspect() : FromAv(picture.sample_aspect_ratio);
  output_time_base_ = converted ? conversion_->time_base() : changed_.time_base;
  if (aspect.num > 0 && aspect.den > 0) output_aspect_ = aspect;
  output_color_ = ColorFromAv(picture.color_primaries, picture.color_trc, picture.colorspace,
                              picture.color_range, picture.chroma_location);
  const auto pixel_format = static_cast<AVPixelFormat>(picture.format);
  const AVPixFmtDescriptor& format = *av_pix_fmt_desc_get(pixel_format);
  const ColorModel model = ColorModelOf(pixel_format);
  output_color_.full_range = model == ColorModel::kYuv && IsFullRange(picture);
  if (model == ColorModel::kRgb) output_color_.matrix = AVCOL_SPC_BT709;
  // The converters put chroma where MPEG-2 and later have it.
  if (model != ColorModel::kYuv || format.log2_chroma_w != 1 || format.log2_chroma_h != 1) {
    output_color_.chroma_location = 0;
  }
}

}  // namespace furl::media
