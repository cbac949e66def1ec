// Zones: what of a camera's picture is meant for what, in a JSON file that users write.
//
//   {"zones": [
//      {"name": "drive", "for": "motion", "polygon": [[0.1, 0.4], [0.9, 0.4], [0.9, 1], [0.1, 1]]},
//      {"name": "window", "for": "mask", "polygon": [[0, 0], [0.2, 0], [0.2, 0.3]]}],
//    "lines": [{"name": "gate", "line": [0.2, 0.5, 0.2, 0.9], "direction": "right"}]}
//
// Places are in parts of the picture's width and height (watch/geometry.h).

#ifndef FURL_WATCH_ZONES_H_
#define FURL_WATCH_ZONES_H_

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/status.h"
#include "watch/geometry.h"

namespace furl::watch {

inline constexpr size_t kMostZones = 64;
inline constexpr size_t kMostLines = 64;
inline constexpr size_t kMostPoints = 256;  // of a polygon
inline constexpr size_t kLongestName = 64;  // bytes

enum class ZoneUse : uint8_t {
  kMotion,  // what happens here counts; without any such zone it does everywhere
  kIgnore,  // what happens here doesn't count: trees, a clock in the picture
  kMask,    // nobody may recognise what is here
};

struct Zone {
  std::string name;
  ZoneUse use = ZoneUse::kMotion;
  Polygon polygon;  // 3 to kMostPoints, with an area
};

// Which way something passes a line, as seen by who looks from its first point to the second.
enum class Crossing : uint8_t { kNone, kToLeft, kToRight };

struct Line {
  std::string name;
  Point from;
  Point to;  // another point
  bool to_left = true;
  bool to_right = true;  // which ways count; at least one

  // Of what moves straight from `a` to `b`, and counts.
  Crossing CrossedBy(Point a, Point b) const;
};

// Names of zones and of lines are unique, and printable.
struct Zones {
  std::vector<Zone> zones;
  std::vector<Line> lines;

  // Cells that any zone of that use touches (kMask), or has the centre of; all 0 where there is
  // none.
  Cells CellsFor(ZoneUse use, const Lattice& lattice) const;
  bool Has(ZoneUse use) const;
};

// `where` is what messages call the value, empty for a whole file. kInvalidStream says what is
// wrong, and where.
Result<Zones> ParseZones(const nlohmann::json& value, const std::string& where = "");
// Of a file; kIo or kLimitExceeded where it can't be read. Messages begin with the path.
Result<Zones> ReadZones(const std::string& path);

}  // namespace furl::watch

#endif  // FURL_WATCH_ZONES_H_
