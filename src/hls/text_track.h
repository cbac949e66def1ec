// TextTrack: subtitles as segments of WebVTT.

#ifndef FURL_HLS_TEXT_TRACK_H_
#define FURL_HLS_TEXT_TRACK_H_

#include <deque>
#include <string>

#include "base/status.h"
#include "hls/track.h"

namespace furl::hls {

// "00:01:02.345"
std::string CueTime(double seconds);

class TextTrack {
 public:
  // `begin`: of the first segment, in seconds.
  TextTrack(double begin, TakeSegment take) : take_(std::move(take)), begin_(begin) {}

  // `text` in WebVTT's markup, shown from `start` to `end`, in seconds; by order of start.
  void Add(double start, double end, std::string text);
  // A segment goes to `end`: gives away what is shown before, from where the last one ended. What
  // is shown longer comes again in the next.
  Status Cut(double end);

 private:
  struct Cue {
    double start;
    double end;
    std::string text;
  };

  const TakeSegment take_;
  std::deque<Cue> cues_;  // not yet over
  double begin_;          // of the open segment
};

}  // namespace furl::hls

#endif  // FURL_HLS_TEXT_TRACK_H_
