// FilterChain: from decoded pictures of any kind to furl frames of one kind.
//
// Two graphs of libavfilter's, each only where it has something to do: changes (deinterlacing,
// crop, the user's own filters, tone mapping, turning) and conversion (size and format, frame
// rate). Native 4:2:0 input without options bypasses both and is copied bit for bit.

#ifndef FURL_MEDIA_FILTER_FILTER_CHAIN_H_
#define FURL_MEDIA_FILTER_FILTER_CHAIN_H_

#include <deque>
#include <memory>
#include <string>

#include "base/rational.h"
#include "base/status.h"
#include "image/frame.h"
#include "media/filter/filter_graph.h"
#include "media/filter/filter_options.h"
#include "media/libav/libav_util.h"

namespace furl::media {

class FilterChain {
 public:
  explicit FilterChain(FilterOptions options) : options_(std::move(options)) {}

  // Of all pictures, clockwise: a multiple of 90 degrees; before Prepare.
  void TurnBy(int degrees) { options_.turn = degrees; }

  // To be called before the first Send, with the first picture: learns what the changes do to
  // `times`. kInvalidArgument, kUnsupported: the options don't fit the picture or this FFmpeg.
  Status Prepare(const AVFrame& picture, const FilterGraph::Times& times);
  // How often the changes let pictures come; known once prepared. Equal to the source's where they
  // don't touch time.
  Rational changed_rate() const { return changed_.frame_rate; }
  Rational changed_time_base() const { return changed_.time_base; }

  // Pushes a picture with times as prepared; null means no more. When size or format change, new
  // graphs are built that deliver the old size.
  Status Send(const AVFrame* picture);

  // Forgets the pictures that were sent: the next one may be from anywhere.
  void Restart();

  // The next frame with pts in output_time_base(), duration as far as known
  // (else 0). kTryAgain or kEndOfStream.
  Result<FramePtr> Receive();

  // Known once the first frame was received.
  Rational output_time_base() const { return output_time_base_; }
  Rational output_aspect() const { return output_aspect_; }
  const ColorTags& output_color() const { return output_color_; }

 private:
  // Pictures for which a graph was built.
  struct Kind {
    int format = AV_PIX_FMT_NONE;
    int width = 0;
    int height = 0;
    bool operator==(const Kind&) const = default;
  };
  static Kind KindOf(const AVFrame& picture) {
    return {picture.format, picture.width, picture.height};
  }

  bool Deinterlaces(const AVFrame& picture) const;
  Status BuildChanges(const AVFrame& picture);
  Status DrainChanges();
  int64_t ChangedDuration(const AVFrame& picture) const;
  Status Convert(const AVFrame& picture);
  Status BuildConversion(const AVFrame& picture);
  Result<std::string> ConversionSteps(const AVFrame& picture);
  Status ChooseOutput(const AVFrame& picture);
  Status DrainConversion();
  Status TakeFrame(const AVFrame& picture);
  void Describe(const AVFrame& picture);
  void Notice(const std::string& text) const {
    if (options_.notice) options_.notice(text);
  }

  FilterOptions options_;
  FilterGraph::Times source_;
  int64_t source_duration_ = 0;  // of the picture that was sent last, in its ticks
  Kind source_kind_;
  bool deinterlacing_ = false;
  std::unique_ptr<FilterGraph> changes_;

  FilterGraph::Times changed_;
  Kind changed_kind_;
  std::unique_ptr<FilterGraph> conversion_;

  int output_width_ = 0;  // locked by the first picture
  int output_height_ = 0;
  int output_depth_ = 0;
  Rational output_time_base_;
  Rational output_aspect_ = {1, 1};
  ColorTags output_color_;
  bool ended_ = false;
  std::deque<FramePtr> ready_;  // oldest first
};

}  // namespace furl::media

#endif  // FURL_MEDIA_FILTER_FILTER_CHAIN_H_
