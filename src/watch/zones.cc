#include "watch/zones.h"

#include <set>
#include <utility>

#include "model/foreign_json.h"
#include "model/json_fields.h"

namespace furl::watch {
namespace {

using model::JsonFields;
using model::PartsOf;

using nlohmann::json;

constexpr size_t kMostBytes = size_t{1} << 20;
constexpr size_t kLongestWord = 16;

struct UseName {
  const char* name;
  ZoneUse use;
};

constexpr UseName kUses[] = {
    {"motion", ZoneUse::kMotion}, {"ignore", ZoneUse::kIgnore}, {"mask", ZoneUse::kMask}};

Result<ZoneUse> UseOf(const JsonFields& fields) {
  FURL_ASSIGN_OR_RETURN(const std::string word, fields.Text("for", kLongestWord));
  for (const UseName& one : kUses) {
    if (word == one.name) return one.use;
  }
  return InvalidStream(fields.Place("for") + ": \"" + word + "\" is none of motion, ignore, mask");
}

Result<Polygon> PolygonOf(const JsonFields& fields) {
  Polygon polygon;
  FURL_RETURN_IF_ERROR(fields.ForEach(
      "polygon", kMostPoints, [&](const json& item, const std::string& place) -> Status {
        FURL_ASSIGN_OR_RETURN(const std::vector<double> parts, PartsOf(item, 2, place));
        polygon.push_back({parts[0], parts[1]});
        return OkStatus();
      }));
  const std::string place = fields.Place("polygon");
  if (polygon.size() < 3) return InvalidStream(place + ": has fewer than 3 points");
  constexpr double kLeastArea = 1e-6;
  if (AreaOf(polygon) < kLeastArea) return InvalidStream(place + ": has no area");
  return polygon;
}

Result<Zone> ZoneOf(const json& value, const std::string& where) {
  FURL_ASSIGN_OR_RETURN(const auto fields,
                        JsonFields::Of(value, where, {"name", "for", "polygon"}));
  Zone zone;
  FURL_ASSIGN_OR_RETURN(zone.name, fields.Text("name", kLongestName));
  FURL_ASSIGN_OR_RETURN(zone.use, UseOf(fields));
  FURL_ASSIGN_OR_RETURN(zone.polygon, PolygonOf(fields));
  return zone;
}

Result<Line> LineOf(const json& value, const std::string& where) {
  FURL_ASSIGN_OR_RETURN(const auto fields,
                        JsonFields::Of(value, where, {"name", "line", "direction"}));
  Line line;
  FURL_ASSIGN_OR_RETURN(line.name, fields.Text("name", kLongestName));
  const json* ends = fields.Find("line");
  if (ends == nullptr) return InvalidStream(fields.Place("line") + ": is missing");
  FURL_ASSIGN_OR_RETURN(const auto parts, PartsOf(*ends, 4, fields.Place("line")));
  line.from = {parts[0], parts[1]};
  line.to = {parts[2], parts[3]};
  if (line.from == line.to) return InvalidStream(fields.Place("line") + ": has no length");
  if (fields.Find("direction") == nullptr) return line;
  FURL_ASSIGN_OR_RETURN(const std::string word, fields.Text("direction", kLongestWord));
  line.to_left = word != "right";
  line.to_right = word != "left";
  if (word == "both" || word == "left" || word == "right") return line;
  return InvalidStream(fields.Place("direction") + ": \"" + word +
                       "\" is none of both, left, right");
}

template <typename Item>
Status CheckNames(const std::vector<Item>& items, const std::string& where) {
  std::set<std::string> names;
  for (const Item& item : items) {
    if (names.insert(item.name).second) continue;
    return InvalidStream(where + ": \"" + item.name + "\" is there twice");
  }
  return OkStatus();
}

// Above 0 where `point` is to the right of the line from `a` to `b`, whose y grows downwards.
double SideOf(Point a, Point b, Point point) {
  return (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
}

}  // namespace

// The line belongs to its left side, and its first end to it: what goes on from there passes once.
Crossing Line::CrossedBy(Point a, Point b) const {
  const bool right_before = SideOf(from, to, a) > 0;
  const bool right_after = SideOf(from, to, b) > 0;
  if (right_before == right_after) return Crossing::kNone;
  if ((SideOf(a, b, from) > 0) == (SideOf(a, b, to) > 0)) return Crossing::kNone;
  if (right_after) return to_right ? Crossing::kToRight : Crossing::kNone;
  return to_left ? Crossing::kToLeft : Crossing::kNone;
}

Cells Zones::CellsFor(ZoneUse use, const Lattice& lattice) const {
  Cells cells(lattice.size());
  for (const Zone& zone : zones) {
    if (zone.use != use) continue;
    Unite(use == ZoneUse::kMask ? CellsTouched(zone.polygon, lattice)
                                : CellsInside(zone.polygon, lattice),
          &cells);
  }
  return cells;
}

bool Zones::Has(ZoneUse use) const {
  for (const Zone& zone : zones) {
    if (zone.use == use) return true;
  }
  return false;
}

Result<Zones> ParseZones(const json& value, const std::string& where) {
  FURL_ASSIGN_OR_RETURN(const auto fields, JsonFields::Of(value, where, {"zones", "lines"}));
  Zones out;
  FURL_RETURN_IF_ERROR(fields.ForEach("zones", kMostZones,
                                      [&](const json& item, const std::string& place) -> Status {
                                        FURL_ASSIGN_OR_RETURN(Zone zone, ZoneOf(item, place));
                                        out.zones.push_back(std::move(zone));
                                        return OkStatus();
                                      }));
  FURL_RETURN_IF_ERROR(fields.ForEach("lines", kMostLines,
                                      [&](const json& item, const std::string& place) -> Status {
                                        FURL_ASSIGN_OR_RETURN(Line line, LineOf(item, place));
                                        out.lines.push_back(std::move(line));
                                        return OkStatus();
                                      }));
  FURL_RETURN_IF_ERROR(CheckNames(out.zones, fields.Place("zones")));
  FURL_RETURN_IF_ERROR(CheckNames(out.lines, fields.Place("lines")));
  return out;
}

Result<Zones> ReadZones(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const json value, model::ReadForeignJson(path, kMostBytes));
  auto zones = ParseZones(value);
  return zones.ok() ? zones : zones.status().WithContext(path);
}

}  // namespace furl::watch
