#include "session/detect/detect_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace furl::session {
namespace {

using analysis::Box;
using analysis::EventKind;
using analysis::SceneEvent;
using nlohmann::ordered_json;

constexpr double kMoment = 1;  // seconds that a cue lasts of what happens at once

double Rounded(double value, double parts) { return std::round(value * parts) / parts; }

ordered_json SidesOf(const Box& box) {
  const auto side = [](double v) { return Rounded(v, 10); };
  return {side(box.left), side(box.top), side(box.width()), side(box.height())};
}

const char* GroupName(analysis::ObjectGroup group) {
  return analysis::kGroupNames[static_cast<size_t>(group)];
}

std::string Clock(double seconds) {
  const double tenths = std::round(std::max(seconds, 0.0) * 10) / 10;
  const auto minutes = static_cast<int64_t>(tenths / 60);
  const double rest = tenths - static_cast<double>(minutes) * 60;
  if (minutes < 60) return fmt::format("{}:{:04.1f}", minutes, rest);
  return fmt::format("{}:{:02}:{:04.1f}", minutes / 60, minutes % 60, rest);
}

std::string CueTime(int64_t milliseconds) {
  return fmt::format("{:02}:{:02}:{:02}.{:03}", milliseconds / 3600000, milliseconds / 60000 % 60,
                     milliseconds / 1000 % 60, milliseconds % 1000);
}

std::string WhatHappens(const SceneEvent& event) {
  const std::string who =
      event.group ? fmt::format("{} {}", GroupName(*event.group), event.object) : "something";
  const std::string place = event.where.empty() ? "" : " in '" + event.where + "'";
  switch (event.kind) {
    case EventKind::kMotion: return "motion" + place;
    case EventKind::kAppearance: return who + place;
    case EventKind::kCrossing:
      return fmt::format("{} crosses '{}' to the {}", who, event.where, event.direction);
    case EventKind::kLeft: return "something was left";
    case EventKind::kRemoved: return "something was taken away";
    case EventKind::kSceneChange: return "another scene";
    case EventKind::kCameraMoved: return "the camera moves";
    case EventKind::kCovered: return "the camera is covered";
  }
  return {};
}

// In a cue's text no "-->" may stand; JSON has another way to write its last character.
std::string CueText(const SceneEvent& event) {
  std::string text = JsonOf(event).dump(-1, ' ', true, ordered_json::error_handler_t::replace);
  for (size_t at = text.find("-->"); at != std::string::npos; at = text.find("-->", at)) {
    text.replace(at + 2, 1, "\\u003e");
  }
  return text;
}

}  // namespace

ordered_json JsonOf(const FrameObjects& frame) {
  ordered_json objects = ordered_json::array();
  for (const analysis::Track& track : frame.tracks) {
    objects.push_back({{"id", track.id},
                       {"group", GroupName(track.group)},
                       {"score", Rounded(track.score, 1000)},
                       {"box", SidesOf(track.box)}});
  }
  return {{"time", Rounded(frame.time, 1e6)}, {"key", frame.key}, {"objects", objects}};
}

ordered_json JsonOf(const SceneEvent& event) {
  ordered_json json = {{"event", NameOf(event.kind)},
                       {"begin", Rounded(event.begin, 1000)},
                       {"end", Rounded(event.end, 1000)}};
  if (!event.where.empty()) json["where"] = event.where;
  if (!event.direction.empty()) json["direction"] = event.direction;
  if (event.object > 0) json["object"] = event.object;
  if (event.group) json["group"] = GroupName(*event.group);
  if (event.box) json["box"] = SidesOf(*event.box);
  return json;
}

std::string Sentence(const SceneEvent& event) {
  const std::string when = event.end > event.begin
                               ? fmt::format("{} to {}", Clock(event.begin), Clock(event.end))
                               : Clock(event.begin);
  return fmt::format("{:<18}  {}", when, WhatHappens(event));
}

std::vector<Cue> CuesOf(const std::vector<SceneEvent>& events) {
  const auto milliseconds = [](double seconds) {
    return static_cast<int64_t>(std::llround(std::max(seconds, 0.0) * 1000));
  };
  std::vector<Cue> cues;
  for (const SceneEvent& event : events) {
    const double end = event.end > event.begin ? event.end : event.begin + kMoment;
    cues.push_back({milliseconds(event.begin), milliseconds(end), CueText(event)});
  }
  std::stable_sort(cues.begin(), cues.end(),
                   [](const Cue& a, const Cue& b) { return a.begin < b.begin; });
  return cues;
}

std::string WebVttOf(const std::vector<SceneEvent>& events) {
  std::string text = "WEBVTT\n";
  for (const Cue& cue : CuesOf(events)) {
    text += fmt::format("\n{} --> {}\n{}\n", CueTime(cue.begin), CueTime(cue.end), cue.text);
  }
  return text;
}

}  // namespace furl::session
