#include "media/filter/filter_graph.h"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

#include <fmt/format.h>

#include <algorithm>

namespace furl::media {

Result<std::unique_ptr<FilterGraph>> FilterGraph::Create(const AVFrame& like, const Times& times,
                                                         const std::string& description) {
  std::unique_ptr<FilterGraph> filter(new FilterGraph);
  filter->graph_.reset(avfilter_graph_alloc());
  if (filter->graph_ == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  filter->graph_->nb_threads = 1;
  const AVRational aspect = like.sample_aspect_ratio;
  std::string arguments = fmt::format(
      "video_size={}x{}:pix_fmt={}:time_base={}/{}:pixel_aspect={}/{}", like.width, like.height,
      like.format, times.time_base.num, times.time_base.den, aspect.num, std::max(aspect.den, 1));
  if (times.frame_rate.num > 0) {
    arguments += fmt::format(":frame_rate={}/{}", times.frame_rate.num, times.frame_rate.den);
  }
  int error = avfilter_graph_create_filter(&filter->source_, avfilter_get_by_name("buffer"), "in",
                                           arguments.c_str(), nullptr, filter->graph_.get());
  if (error < 0) return AvStatus(error, "filter graph", StatusCode::kUnsupported);
  error = avfilter_graph_create_filter(&filter->sink_, avfilter_get_by_name("buffersink"), "out",
                                       nullptr, nullptr, filter->graph_.get());
  if (error < 0) return AvStatus(error, "filter graph", StatusCode::kUnsupported);
  FURL_RETURN_IF_ERROR(filter->Connect(description));
  return filter;
}

Status FilterGraph::Connect(const std::string& description) {
  AVFilterInOut* outputs = avfilter_inout_alloc();
  AVFilterInOut* inputs = avfilter_inout_alloc();
  int error = AVERROR(ENOMEM);
  if (outputs != nullptr && inputs != nullptr) {
    *outputs = {av_strdup("in"), source_, 0, nullptr};
    *inputs = {av_strdup("out"), sink_, 0, nullptr};
    error = avfilter_graph_parse_ptr(graph_.get(), description.c_str(), &inputs, &outputs, nullptr);
    if (error >= 0) error = avfilter_graph_config(graph_.get(), nullptr);
  }
  avfilter_inout_free(&inputs);
  avfilter_inout_free(&outputs);
  if (error < 0) return AvStatus(error, "filters " + description, StatusCode::kUnsupported);
  return OkStatus();
}

Status FilterGraph::Send(const AVFrame* picture) {
  int error = 0;
  if (picture == nullptr) {
    error = av_buffersrc_close(source_, end_, AV_BUFFERSRC_FLAG_PUSH);
  } else {
    const AvFramePtr copy(av_frame_clone(picture));
    if (copy == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
    end_ = picture->pts + FrameDuration(*picture);
    error = av_buffersrc_add_frame(source_, copy.get());
  }
  return error < 0 ? AvStatus(error, "filtering") : OkStatus();
}

Result<AvFramePtr> FilterGraph::Receive() {
  AvFramePtr picture(av_frame_alloc());
  if (picture == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  const int error = av_buffersink_get_frame(sink_, picture.get());
  if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return AvFramePtr();
  if (error < 0) return AvStatus(error, "filtering");
  return picture;
}

Rational FilterGraph::time_base() const { return FromAv(av_buffersink_get_time_base(sink_)); }
Rational FilterGraph::frame_rate() const {
  const AVRational rate = av_buffersink_get_frame_rate(sink_);
  return rate.num > 0 && rate.den > 0 ? FromAv(rate) : Rational{0, 1};
}
Rational FilterGraph::sample_aspect() const {
  return FromAv(av_buffersink_get_sample_aspect_ratio(sink_));
}

bool HasFilter(const char* name) { return avfilter_get_by_name(name) != nullptr; }

}  // namespace furl::media
