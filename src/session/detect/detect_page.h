// The page of furl detect --html: when what was where, with thumbnails.

#ifndef FURL_SESSION_DETECT_DETECT_PAGE_H_
#define FURL_SESSION_DETECT_DETECT_PAGE_H_

#include <string>
#include <vector>

#include "session/detect/detect_run.h"

namespace furl::session {

// Gathers what a page needs while a video is looked at.
class DetectPage {
 public:
  static constexpr size_t kMostPictures = 120;

  void AddFrame(const FrameObjects& frame);
  void AddEvent(const analysis::SceneEvent& event) { events_.push_back(event); }
  // Of a key frame: every second one is left out as often as there are too many.
  Status AddSketch(double time, const analysis::Sketch& sketch, const ColorTags& color);

  // Writes it: one HTML file that loads nothing.
  Status Write(const std::string& path, const std::string& video_name,
               const DetectSummary& summary) const;

 private:
  struct Picture {
    double time;
    std::string uri;
  };
  // A stretch of time in which a group had at most so many objects.
  struct Presence {
    double begin = 0;
    double end = 0;
    size_t most = 0;
  };

  std::vector<Picture> pictures_;
  int64_t sketches_ = 0;
  int64_t every_ = 1;
  std::array<std::vector<Presence>, analysis::kObjectGroups> presences_;
  std::vector<FrameObjects> keys_;  // of the pictures
  std::vector<analysis::SceneEvent> events_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_DETECT_DETECT_PAGE_H_
