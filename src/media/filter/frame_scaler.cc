#include "media/filter/frame_scaler.h"

#include <fmt/format.h>

#include "media/libav/frame_convert.h"

namespace furl::media {

Result<ConstFramePtr> FrameScaler::Scale(const ConstFramePtr& frame) {
  if (frame->width() == width_ && frame->height() == height_) return frame;
  FURL_ASSIGN_OR_RETURN(const AvFramePtr picture, FrameToAv(*frame, false));
  picture->pts = 0;
  const bool same = frame->width() == from_width_ && frame->height() == from_height_ &&
                    frame->bit_depth() == from_depth_;
  if (graph_ == nullptr || !same) {
    const std::string how =
        fmt::format("scale=w={}:h={}:flags=lanczos+accurate_rnd+full_chroma_int", width_, height_);
    FURL_ASSIGN_OR_RETURN(graph_, FilterGraph::Create(*picture, {{1, 1}}, how));
    from_width_ = frame->width();
    from_height_ = frame->height();
    from_depth_ = frame->bit_depth();
  }
  FURL_RETURN_IF_ERROR(graph_->Send(picture.get()));
  FURL_ASSIGN_OR_RETURN(const AvFramePtr scaled, graph_->Receive());
  if (scaled == nullptr) return InternalError("the scaler holds a picture back");
  FURL_ASSIGN_OR_RETURN(FramePtr out, FrameFromAv(*scaled));
  out->set_tag(frame->tag());
  return ConstFramePtr(std::move(out));
}

}  // namespace furl::media
