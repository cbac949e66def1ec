#include "hls/text_track.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace furl::hls {

std::string CueTime(double seconds) {
  const int64_t ms = std::llround(std::clamp(seconds, 0.0, 1e9) * 1000);
  return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60,
                     ms % 1000);
}

// An empty line would end the cue, an arrow begin another.
void TextTrack::Add(double start, double end, std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  for (size_t at; (at = text.find("\n\n")) != std::string::npos;) text.erase(at, 1);
  for (size_t at; (at = text.find("-->")) != std::string::npos;) text.replace(at, 3, "--&gt;");
  if (!text.empty() && end > start) cues_.push_back({start, end, std::move(text)});
}

Status TextTrack::Cut(double end) {
  std::string out = "WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n";
  for (const Cue& cue : cues_) {
    if (cue.start >= end) continue;
    out += fmt::format("\n{} --> {}\n{}\n", CueTime(cue.start), CueTime(cue.end), cue.text);
  }
  std::erase_if(cues_, [end](const Cue& cue) { return cue.end <= end; });
  const double begin = std::exchange(begin_, end);
  return take_({reinterpret_cast<const uint8_t*>(out.data()), out.size()}, {begin, end - begin});
}

}  // namespace furl::hls
