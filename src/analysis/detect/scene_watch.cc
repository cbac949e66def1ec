#include "analysis/detect/scene_watch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace furl::analysis {
namespace {

using watch::Trigger;

constexpr std::array<const char*, kEventKinds> kNames = {
    "motion",  "appearance",   "crossing",     "left",
    "removed", "scene-change", "camera-moved", "covered"};
constexpr int kBlock = 16;
constexpr double kSameCrossing = 1;  // seconds: to and fro on a line is one crossing
constexpr double kDetailAdapting = 0.1;

double MeanOf(const Field& field) {
  if (field.values.empty()) return 0;
  return std::accumulate(field.values.begin(), field.values.end(), 0.0) /
         static_cast<double>(field.values.size());
}

}  // namespace

const char* NameOf(EventKind kind) { return kNames[static_cast<size_t>(kind)]; }

SceneWatch::SceneWatch(int width, int height, double frames_per_second, const watch::Zones& zones,
                       const WatchSettings& settings, EventFn event)
    : width_(width),
      height_(height),
      frames_per_second_(frames_per_second),
      zones_(zones),
      settings_(settings),
      event_(std::move(event)),
      camera_(settings.camera),
      covered_(settings.covered),
      things_(settings.things) {
  const auto lattice = watch::Lattice::OfBlocks(width, height, kBlock);
  const watch::Cells ignored = zones.CellsFor(watch::ZoneUse::kIgnore, lattice);
  const auto add = [&](const std::string& name, std::optional<watch::Polygon> polygon,
                       watch::Cells cells) {
    for (size_t i = 0; i < cells.size(); ++i) cells[i] = cells[i] && !ignored[i];
    regions_.push_back({name, std::move(polygon), std::move(cells), Trigger(settings.motion)});
  };
  for (const watch::Zone& zone : zones.zones) {
    if (zone.use != watch::ZoneUse::kMotion) continue;
    add(zone.name, zone.polygon, watch::CellsInside(zone.polygon, lattice));
  }
  if (regions_.empty()) add("", std::nullopt, watch::Cells(lattice.size(), 1));
}

void SceneWatch::TellTrigger(EventKind kind, Trigger::Change change, const Trigger& trigger,
                             const std::string& where) {
  if (change != Trigger::Change::kEnded) return;
  SceneEvent event;
  event.kind = kind;
  event.begin = trigger.event().begin;
  event.end = trigger.event().end;
  event.where = where;
  event_(event);
}

bool SceneWatch::Key(double time, const Sketch& sketch) {
  const double detail = MeanOf(sketch.detail);
  if (usual_detail_ < 0) usual_detail_ = detail;
  const double missing = usual_detail_ > 0 ? 1 - detail / usual_detail_ : 0;
  TellTrigger(EventKind::kCovered, covered_.Update(time, missing), covered_, "");
  if (covered_.on()) {
    things_.Clear();
    return false;
  }
  const Look look = LookOf(sketch, {});
  const bool other = look_ && Similarity(look, *look_) < settings_.same_scene;
  look_ = look;
  usual_detail_ = other ? detail : usual_detail_ + kDetailAdapting * (detail - usual_detail_);
  if (other) {
    SceneEvent event;
    event.kind = EventKind::kSceneChange;
    event.begin = event.end = time;
    event_(event);
  }
  if (other || camera_.on()) things_.Clear();
  for (const StaticChange::Thing& thing : things_.Add(time, sketch)) {
    SceneEvent event;
    event.kind = thing.left ? EventKind::kLeft : EventKind::kRemoved;
    event.begin = thing.since;
    event.end = time;
    event.box = thing.box;
    event_(event);
  }
  return other;
}

void SceneWatch::WatchMotion(double time, const VelocityMap& motion, const Velocity& camera) {
  const double least = settings_.moving * std::max(width_, height_);
  std::vector<uint8_t> moving(static_cast<size_t>(motion.cols()) * motion.rows());
  for (int row = 0; row < motion.rows(); ++row) {
    for (int col = 0; col < motion.cols(); ++col) {
      const Velocity v = motion.At(col, row) - camera;
      moving[static_cast<size_t>(row) * motion.cols() + col] =
          motion.Known(col, row) && std::hypot(v.x, v.y) > least;
    }
  }
  for (Region& region : regions_) {
    int64_t all = 0;
    int64_t count = 0;
    for (size_t i = 0; i < std::min(moving.size(), region.cells.size()); ++i) {
      all += region.cells[i];
      count += region.cells[i] & moving[i];
    }
    const double part = all > 0 ? static_cast<double>(count) / static_cast<double>(all) : 0;
    TellTrigger(EventKind::kMotion, region.motion.Update(time, part), region.motion, region.name);
  }
}

void SceneWatch::WatchCamera(double time, const Velocity& camera) {
  const double speed = std::hypot(camera.x, camera.y) / std::max(width_, height_);
  TellTrigger(EventKind::kCameraMoved, camera_.Update(time, speed * frames_per_second_), camera_,
              "");
}

void SceneWatch::EndStay(const Seen& seen, const std::string& region, double begin, double end) {
  if (end - begin < settings_.least_stay) return;
  SceneEvent event;
  event.kind = EventKind::kAppearance;
  event.begin = begin;
  event.end = end;
  event.where = region;
  event.object = seen.track.id;
  event.group = seen.track.group;
  event.box = seen.track.box;
  event_(event);
}

void SceneWatch::WatchRegions(double time, watch::Point foot, Seen* seen) {
  for (const Region& region : regions_) {
    const bool inside = !region.polygon || watch::IsInside(*region.polygon, foot);
    const auto begun = seen->begins.find(region.name);
    if (inside && begun == seen->begins.end()) seen->begins[region.name] = time;
    if (inside || begun == seen->begins.end()) continue;
    EndStay(*seen, region.name, begun->second, seen->last);
    seen->begins.erase(begun);
  }
}

void SceneWatch::WatchLines(double time, const Track& track, watch::Point foot, Seen* seen) {
  for (const watch::Line& line : zones_.lines) {
    const watch::Crossing crossing = line.CrossedBy(seen->foot, foot);
    if (crossing == watch::Crossing::kNone) continue;
    const auto last = seen->crossed.find(line.name);
    const bool again = last != seen->crossed.end() && time - last->second < kSameCrossing;
    seen->crossed[line.name] = time;
    if (again) continue;
    SceneEvent event;
    event.kind = EventKind::kCrossing;
    event.begin = event.end = time;
    event.where = line.name;
    event.direction = crossing == watch::Crossing::kToLeft ? "left" : "right";
    event.object = track.id;
    event.group = track.group;
    event.box = track.box;
    event_(event);
  }
}

void SceneWatch::WatchTracks(double time, const std::vector<Track>& tracks) {
  for (const Track& track : tracks) {
    const watch::Point foot = {track.box.centre_x() / width_, track.box.bottom / height_};
    const auto [place, fresh] = seen_.try_emplace(track.id, Seen{track, foot, {}, {}, time});
    Seen& seen = place->second;
    if (!fresh) WatchLines(time, track, foot, &seen);
    WatchRegions(time, foot, &seen);
    seen.foot = foot;
    seen.last = time;
  }
  for (auto place = seen_.begin(); place != seen_.end();) {
    const Seen& seen = place->second;
    if (seen.last == time) {
      ++place;
      continue;
    }
    for (const auto& [region, begin] : seen.begins) EndStay(seen, region, begin, seen.last);
    place = seen_.erase(place);
  }
}

void SceneWatch::Frame(double time, const VelocityMap& motion, const std::vector<Track>& tracks) {
  const Velocity camera = motion.Camera();
  WatchMotion(time, motion, camera);
  WatchCamera(time, camera);
  WatchTracks(time, tracks);
}

void SceneWatch::Finish() {
  for (Region& region : regions_) {
    TellTrigger(EventKind::kMotion, region.motion.Finish(), region.motion, region.name);
  }
  TellTrigger(EventKind::kCameraMoved, camera_.Finish(), camera_, "");
  TellTrigger(EventKind::kCovered, covered_.Finish(), covered_, "");
  for (const auto& [id, seen] : seen_) {
    for (const auto& [region, begin] : seen.begins) EndStay(seen, region, begin, seen.last);
  }
  seen_.clear();
}

}  // namespace furl::analysis
