// FilterGraph: one libavfilter graph, from pictures of one kind to pictures.

#ifndef FURL_MEDIA_FILTER_FILTER_GRAPH_H_
#define FURL_MEDIA_FILTER_FILTER_GRAPH_H_

#include <memory>
#include <string>

#include "base/rational.h"
#include "base/status.h"
#include "media/libav/libav_util.h"

namespace furl::media {

class FilterGraph {
 public:
  // Times of the pictures that go in: ticks of `time_base`, of which `frame_rate` (num 0: unknown)
  // come per second.
  struct Times {
    Rational time_base;
    Rational frame_rate = {0, 1};
  };

  // For pictures of the size and format of `like`; `description` in libavfilter's words.
  // kUnsupported if this FFmpeg lacks one of the filters or they don't fit.
  static Result<std::unique_ptr<FilterGraph>> Create(const AVFrame& like, const Times& times,
                                                     const std::string& description);

  // Takes a picture, which stays the caller's; null ends the input.
  Status Send(const AVFrame* picture);
  // The next picture, or null if more must be sent first or none is left.
  Result<AvFramePtr> Receive();

  // Of what comes out.
  Rational time_base() const;
  Rational frame_rate() const;  // num 0: unknown
  Rational sample_aspect() const;

 private:
  FilterGraph() = default;
  Status Connect(const std::string& description);

  AvFilterGraphPtr graph_;
  AVFilterContext* source_ = nullptr;
  AVFilterContext* sink_ = nullptr;
  int64_t end_ = AV_NOPTS_VALUE;  // of the last picture, which tells filters how long it lasts
};

// Whether this FFmpeg has a filter of that name.
bool HasFilter(const char* name);

}  // namespace furl::media

#endif  // FURL_MEDIA_FILTER_FILTER_GRAPH_H_
