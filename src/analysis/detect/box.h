// Boxes around objects, and what groups of objects there are.

#ifndef FURL_ANALYSIS_DETECT_BOX_H_
#define FURL_ANALYSIS_DETECT_BOX_H_

#include <algorithm>
#include <array>
#include <cstdint>

namespace furl::analysis {

enum class ObjectGroup : uint8_t { kPerson, kVehicle, kAnimal };
inline constexpr int kObjectGroups = 3;
inline constexpr std::array<const char*, kObjectGroups> kGroupNames = {"person", "vehicle",
                                                                       "animal"};

// In luma samples of the picture, from its upper left corner.
struct Box {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;

  double width() const { return std::max(0.0, right - left); }
  double height() const { return std::max(0.0, bottom - top); }
  double area() const { return width() * height(); }
  double centre_x() const { return (left + right) / 2; }
  double centre_y() const { return (top + bottom) / 2; }

  // What both cover; without an area where that is nothing.
  Box Overlap(const Box& o) const {
    return {std::max(left, o.left), std::max(top, o.top), std::min(right, o.right),
            std::min(bottom, o.bottom)};
  }
  // What both cover of what either does, 0..1.
  double IntersectionOverUnion(const Box& o) const {
    const double both = Overlap(o).area();
    const double either = area() + o.area() - both;
    return either > 0 ? both / either : 0;
  }

  bool operator==(const Box&) const = default;
};

struct Detection {
  ObjectGroup group = ObjectGroup::kPerson;
  double score = 0;  // 0..1
  Box box;
};

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_DETECT_BOX_H_
