#include "media/libav/filter_chain.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/pixdesc.h>
}

#include <fmt/format.h>

#include <cmath>

#include "media/libav/frame_convert.h"

namespace furl::media {
namespace {

constexpr int kMaxSide = 16384;

bool IsFullRange(const AVFrame& picture) {
  switch (picture.format) {
    case AV_PIX_FMT_YUVJ411P:
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ444P: return true;
    default: return picture.color_range == AVCOL_RANGE_JPEG;
  }
}

enum class Model { kYuv, kGray, kRgb };

Model ColorModel(const AVPixFmtDescriptor& format) {
  if ((format.flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0) return Model::kRgb;
  return format.nb_components < 3 ? Model::kGray : Model::kYuv;
}

// swscale's name of a matrix. Input and output use the same one unless the
// input is RGB, so that "unspecified" costs nothing.
const char* SwscaleMatrix(AVColorSpace matrix) {
  switch (matrix) {
    case AVCOL_SPC_FCC: return "fcc";
    case AVCOL_SPC_BT470BG: return "bt470";
    case AVCOL_SPC_SMPTE170M: return "smpte170m";
    case AVCOL_SPC_SMPTE240M: return "smpte240m";
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL: return "bt2020";
    default: return "bt709";
  }
}

// The side that keeps the shape, rounded to an even number.
int ProportionalSide(int target, int side, int other) {
  const double exact = static_cast<double>(target) * side / other;
  return std::max(2, 2 * static_cast<int>(std::lround(exact / 2)));
}

// The filter for `crop`; leaves the size of the part that is kept.
Status PlanCrop(const CropRect& crop, int* width, int* height, std::string* description) {
  if (crop.width <= 0) return OkStatus();
  const int x = crop.x >= 0 ? crop.x : (*width - crop.width) / 2;
  const int y = crop.y >= 0 ? crop.y : (*height - crop.height) / 2;
  if (x < 0 || y < 0 || crop.width > *width - x || crop.height > *height - y) {
    return InvalidArgument(fmt::format("crop {}x{}+{}+{} reaches outside the {}x{} picture",
                                       crop.width, crop.height, x, y, *width, *height));
  }
  *description = fmt::format("crop={}:{}:{}:{}:exact=1,", crop.width, crop.height, x, y);
  *width = crop.width;
  *height = crop.height;
  return OkStatus();
}

}  // namespace

Status FilterChain::Send(const AVFrame* picture, Rational time_base) {
  if (picture == nullptr) {
    ended_ = true;
    return graph_ != nullptr ? FinishGraph() : OkStatus();
  }
  const bool changed = picture->format != input_format_ || picture->width != input_width_ ||
                       picture->height != input_height_;
  if (changed) {
    if (graph_ != nullptr) FURL_RETURN_IF_ERROR(FinishGraph());
    if (input_format_ != AV_PIX_FMT_NONE && options_.notice) {
      options_.notice(fmt::format("the picture changes to {}x{}; it is converted to {}x{}",
                                  picture->width, picture->height, output_width_, output_height_));
    }
    FURL_RETURN_IF_ERROR(Build(*picture, time_base));
  }
  if (graph_ == nullptr) {
    FURL_ASSIGN_OR_RETURN(FramePtr frame, FrameFromAv(*picture));
    frame->pts = picture->pts;
    frame->duration = FrameDuration(*picture);
    ready_.push_back(std::move(frame));
    return OkStatus();
  }
  AvFramePtr copy(av_frame_clone(picture));
  if (copy == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  const int error = av_buffersrc_add_frame(source_, copy.get());
  if (error < 0) return AvStatus(error, "filtering");
  return DrainGraph();
}

Result<FramePtr> FilterChain::Receive() {
  if (!ready_.empty()) {
    FramePtr frame = std::move(ready_.front());
    ready_.erase(ready_.begin());
    return frame;
  }
  if (ended_) return Status(StatusCode::kEndOfStream, "no more frames");
  return Status(StatusCode::kTryAgain, "send pictures first");
}

Status FilterChain::FinishGraph() {
  const int error = av_buffersrc_add_frame(source_, nullptr);
  if (error < 0) return AvStatus(error, "filtering");
  return DrainGraph();
}

Status FilterChain::DrainGraph() {
  for (;;) {
    AvFramePtr picture(av_frame_alloc());
    if (picture == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
    const int error = av_buffersink_get_frame(sink_, picture.get());
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return OkStatus();
    if (error < 0) return AvStatus(error, "filtering");
    FURL_ASSIGN_OR_RETURN(FramePtr frame, FrameFromAv(*picture));
    frame->pts = picture->pts;
    frame->duration = options_.frame_rate.num > 0 ? 1 : FrameDuration(*picture);
    ready_.push_back(std::move(frame));
  }
}

Status FilterChain::Build(const AVFrame& picture, Rational time_base) {
  input_format_ = static_cast<AVPixelFormat>(picture.format);
  input_width_ = picture.width;
  input_height_ = picture.height;
  time_base_ = time_base;
  const bool first = output_width_ == 0;
  std::string description;
  FURL_RETURN_IF_ERROR(Plan(picture, &description));
  graph_.reset();
  if (!description.empty()) FURL_RETURN_IF_ERROR(Configure(picture, description));
  if (first) Describe(picture);
  return OkStatus();
}

Status FilterChain::Plan(const AVFrame& picture, std::string* description) {
  const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(input_format_);
  if (format == nullptr || (format->flags & AV_PIX_FMT_FLAG_HWACCEL) != 0) {
    return Unsupported("unknown pixel format");
  }
  int width = picture.width;
  int height = picture.height;
  FURL_RETURN_IF_ERROR(PlanCrop(options_.crop, &width, &height, description));
  if (output_width_ == 0) {
    output_depth_ = format->comp[0].depth > 8 ? 10 : 8;
    output_width_ = options_.scale_width > 0 ? options_.scale_width : width;
    output_height_ = options_.scale_height > 0 ? options_.scale_height : height;
    if (options_.scale_width < 0) output_width_ = ProportionalSide(output_height_, width, height);
    if (options_.scale_height < 0) output_height_ = ProportionalSide(output_width_, height, width);
    if (output_width_ > kMaxSide || output_height_ > kMaxSide) {
      return LimitExceeded("the scaled picture has a side above 16384");
    }
  }
  const AVPixelFormat target = output_depth_ > 8 ? AV_PIX_FMT_YUV420P10 : AV_PIX_FMT_YUV420P;
  const bool native =
      IsNativeFormat(input_format_) && (format->comp[0].depth > 8) == (output_depth_ > 8);
  if (!native || width != output_width_ || height != output_height_) {
    *description += ScaleDescription(picture, target, width, height);
    if (!native && options_.notice) {
      options_.notice(fmt::format("{} is converted to {}-bit 4:2:0", format->name, output_depth_));
    }
  }
  if (options_.frame_rate.num > 0) {
    *description += fmt::format("fps=fps={}/{},", options_.frame_rate.num, options_.frame_rate.den);
  }
  if (!description->empty()) {
    *description += "format=yuv420p|yuvj420p|nv12|yuv420p10le|p010le";
  }
  return OkStatus();
}

std::string FilterChain::ScaleDescription(const AVFrame& picture, AVPixelFormat target, int width,
                                          int height) const {
  const AVPixFmtDescriptor& format = *av_pix_fmt_desc_get(input_format_);
  const Model model = ColorModel(format);
  const bool full_in = model != Model::kYuv || IsFullRange(picture);
  const bool full_out = model == Model::kYuv && full_in;
  const char* target_name = av_get_pix_fmt_name(target);
  // zimg wants sizes that its chroma subsampling divides, and no gray input.
  const bool even = ((width | height | output_width_ | output_height_) & 1) == 0;
  if (even && model != Model::kGray && avfilter_get_by_name("zscale") != nullptr) {
    std::string matrix = model == Model::kRgb ? ":matrix=709" : "";
    return fmt::format(
        "zscale=w={}:h={}:filter=bicubic:dither=none:rangein={}:range={}{},format={},",
        output_width_, output_height_, full_in ? "full" : "limited", full_out ? "full" : "limited",
        matrix, target_name);
  }
  const char* matrix = model == Model::kYuv ? SwscaleMatrix(picture.colorspace) : "bt709";
  return fmt::format(
      "scale=w={}:h={}:in_range={}:out_range={}:in_color_matrix={}:out_color_matrix={}:"
      "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp,format={},",
      output_width_, output_height_, full_in ? "full" : "limited", full_out ? "full" : "limited",
      matrix, matrix, target_name);
}

Status FilterChain::Configure(const AVFrame& picture, const std::string& description) {
  graph_.reset(avfilter_graph_alloc());
  if (graph_ == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  graph_->nb_threads = 1;
  const AVRational aspect = picture.sample_aspect_ratio;
  const std::string arguments =
      fmt::format("video_size={}x{}:pix_fmt={}:time_base={}/{}:pixel_aspect={}/{}", picture.width,
                  picture.height, static_cast<int>(input_format_), time_base_.num, time_base_.den,
                  aspect.num, std::max(aspect.den, 1));
  int error = avfilter_graph_create_filter(&source_, avfilter_get_by_name("buffer"), "in",
                                           arguments.c_str(), nullptr, graph_.get());
  if (error < 0) return AvStatus(error, "filter graph", StatusCode::kUnsupported);
  error = avfilter_graph_create_filter(&sink_, avfilter_get_by_name("buffersink"), "out", nullptr,
                                       nullptr, graph_.get());
  if (error < 0) return AvStatus(error, "filter graph", StatusCode::kUnsupported);
  AVFilterInOut* outputs = avfilter_inout_alloc();
  AVFilterInOut* inputs = avfilter_inout_alloc();
  if (outputs != nullptr && inputs != nullptr) {
    *outputs = {av_strdup("in"), source_, 0, nullptr};
    *inputs = {av_strdup("out"), sink_, 0, nullptr};
    error = avfilter_graph_parse_ptr(graph_.get(), description.c_str(), &inputs, &outputs, nullptr);
    if (error >= 0) error = avfilter_graph_config(graph_.get(), nullptr);
  } else {
    error = AVERROR(ENOMEM);
  }
  avfilter_inout_free(&inputs);
  avfilter_inout_free(&outputs);
  if (error < 0) return AvStatus(error, "filter graph", StatusCode::kUnsupported);
  return OkStatus();
}

void FilterChain::Describe(const AVFrame& picture) {
  AVRational aspect = picture.sample_aspect_ratio;
  output_time_base_ = time_base_;
  if (graph_ != nullptr) {
    aspect = av_buffersink_get_sample_aspect_ratio(sink_);
    output_time_base_ = FromAv(av_buffersink_get_time_base(sink_));
  }
  if (aspect.num > 0 && aspect.den > 0) output_aspect_ = FromAv(aspect);
  output_color_ = ColorFromAv(picture.color_primaries, picture.color_trc, picture.colorspace,
                              picture.color_range, picture.chroma_location);
  const AVPixFmtDescriptor& format = *av_pix_fmt_desc_get(input_format_);
  const Model model = ColorModel(format);
  output_color_.full_range = model == Model::kYuv && IsFullRange(picture);
  if (model == Model::kRgb) output_color_.matrix = AVCOL_SPC_BT709;
  // The converters put chroma where MPEG-2 and later have it.
  if (model != Model::kYuv || format.log2_chroma_w != 1 || format.log2_chroma_h != 1) {
    output_color_.chroma_location = 0;
  }
}

}  // namespace furl::media
