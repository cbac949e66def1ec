#include "session/detect/detect_page.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/embed.h"
#include "media/output_file.h"
#include "report/frame_image.h"
#include "report/page.h"
#include "session/detect/detect_lines.h"

FURL_EMBED(furl_detect_html, FURL_DETECT_PAGES_DIR "/detect.html");
FURL_EMBED(furl_detect_css, FURL_DETECT_PAGES_DIR "/detect.css");
FURL_EMBED(furl_detect_js, FURL_DETECT_PAGES_DIR "/detect.js");

namespace furl::session {
namespace {

using nlohmann::ordered_json;

const report::PageParts kParts = {"furl detect", FURL_EMBEDDED(furl_detect_html),
                                  FURL_EMBEDDED(furl_detect_css), "",
                                  FURL_EMBEDDED(furl_detect_js)};
// Seconds without an object that don't divide a stretch of time.
constexpr double kPause = 1;
constexpr int kJpegScale = 4;

}  // namespace

void DetectPage::AddFrame(const FrameObjects& frame) {
  std::array<size_t, analysis::kObjectGroups> counts = {};
  for (const analysis::Track& track : frame.tracks) ++counts[static_cast<size_t>(track.group)];
  for (size_t g = 0; g < counts.size(); ++g) {
    if (counts[g] == 0) continue;
    std::vector<Presence>& list = presences_[g];
    if (list.empty() || frame.time - list.back().end > kPause) {
      list.push_back({frame.time, frame.time, 0});
    }
    list.back().end = frame.time;
    list.back().most = std::max(list.back().most, counts[g]);
  }
  if (!pictures_.empty() && pictures_.back().time == frame.time) keys_.push_back(frame);
}

Status DetectPage::AddSketch(double time, const analysis::Sketch& sketch, const ColorTags& color) {
  if (sketches_++ % every_ != 0) return OkStatus();
  if (pictures_.size() == kMostPictures) {
    every_ *= 2;
    for (size_t i = 0; i < pictures_.size(); i += 2) std::swap(pictures_[i / 2], pictures_[i]);
    pictures_.resize(pictures_.size() / 2);
    std::erase_if(keys_, [&](const FrameObjects& key) {
      return std::none_of(pictures_.begin(), pictures_.end(),
                          [&](const Picture& picture) { return picture.time == key.time; });
    });
    if ((sketches_ - 1) % every_ != 0) return OkStatus();
  }
  FURL_ASSIGN_OR_RETURN(const FramePtr picture, sketch.Picture());
  FURL_ASSIGN_OR_RETURN(std::string uri, report::JpegUri(*picture, color, kJpegScale));
  pictures_.push_back({time, std::move(uri)});
  return OkStatus();
}

Status DetectPage::Write(const std::string& path, const std::string& video_name,
                         const DetectSummary& summary) const {
  ordered_json data = {{"name", video_name},
                       {"seconds", summary.seconds},
                       {"width", summary.video_width},
                       {"height", summary.video_height}};
  data["pictures"] = ordered_json::array();
  for (const Picture& picture : pictures_) {
    ordered_json item = {{"time", picture.time}, {"uri", picture.uri}};
    const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const FrameObjects& frame) {
      return frame.time == picture.time;
    });
    if (key != keys_.end()) item["objects"] = JsonOf(*key)["objects"];
    data["pictures"].push_back(std::move(item));
  }
  data["groups"] = ordered_json::array();
  for (size_t g = 0; g < presences_.size(); ++g) {
    ordered_json group = {{"name", analysis::kGroupNames[g]}, {"times", ordered_json::array()}};
    for (const Presence& p : presences_[g]) group["times"].push_back({p.begin, p.end, p.most});
    data["groups"].push_back(std::move(group));
  }
  data["events"] = ordered_json::array();
  for (const analysis::SceneEvent& event : events_) {
    ordered_json item = JsonOf(event);
    item["text"] = Sentence(event);
    data["events"].push_back(std::move(item));
  }
  const std::string page = report::BuildPage(kParts, "What happens in " + video_name, data);
  return media::WriteOutput(path, page, /*overwrite=*/true);
}

}  // namespace furl::session
