// FilterChain: from decoded pictures of any kind to furl frames of one kind.
//
// crop -> scale and format (zimg where it can, else swscale, matrices and
// ranges always explicit) -> frame rate, as a libavfilter graph. Native 4:2:0
// input without options bypasses every filter and is copied bit for bit.

#ifndef FURL_MEDIA_LIBAV_FILTER_CHAIN_H_
#define FURL_MEDIA_LIBAV_FILTER_CHAIN_H_

#include <memory>
#include <string>

#include "base/rational.h"
#include "base/status.h"
#include "image/frame.h"
#include "media/libav/libav_util.h"
#include "media/media_info.h"

namespace furl::media {

struct CropRect {
  int width = 0;  // 0: no crop
  int height = 0;
  int x = -1;  // -1: centered
  int y = -1;
};

struct FilterOptions {
  CropRect crop;
  int scale_width = 0;  // 0 with scale_height 0: unchanged; -1: keeps the shape
  int scale_height = 0;
  Rational frame_rate = {0, 1};  // num 0: unchanged
  NoticeFn notice;
};

class FilterChain {
 public:
  explicit FilterChain(FilterOptions options) : options_(std::move(options)) {}

  // Pushes a picture whose pts counts `time_base`; null means no more. When
  // size or format change, a new graph is built that delivers the old size.
  Status Send(const AVFrame* picture, Rational time_base);

  // The next frame with pts in output_time_base(), duration as far as known
  // (else 0). kTryAgain or kEndOfStream.
  Result<FramePtr> Receive();

  // Known once the first frame was received.
  Rational output_time_base() const { return output_time_base_; }
  Rational output_aspect() const { return output_aspect_; }
  const ColorTags& output_color() const { return output_color_; }

 private:
  Status Build(const AVFrame& picture, Rational time_base);
  Status Configure(const AVFrame& picture, const std::string& description);
  Status Plan(const AVFrame& picture, std::string* description);
  std::string ScaleDescription(const AVFrame& picture, AVPixelFormat target, int width,
                               int height) const;
  Status FinishGraph();
  Status DrainGraph();
  void Describe(const AVFrame& picture);

  FilterOptions options_;
  AvFilterGraphPtr graph_;
  AVFilterContext* source_ = nullptr;
  AVFilterContext* sink_ = nullptr;
  AVPixelFormat input_format_ = AV_PIX_FMT_NONE;
  int input_width_ = 0;
  int input_height_ = 0;
  Rational time_base_;
  int output_width_ = 0;  // locked by the first picture
  int output_height_ = 0;
  int output_depth_ = 0;
  Rational output_time_base_;
  Rational output_aspect_ = {1, 1};
  ColorTags output_color_;
  bool ended_ = false;
  std::vector<FramePtr> ready_;  // oldest first
};

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_FILTER_CHAIN_H_
