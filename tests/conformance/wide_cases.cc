#include "conformance/wide_cases.h"

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>

namespace furl::test {
namespace {

// How many cases begin with a prefix, which says what model they need (FamilyOf in cases.h).
struct WideGroup {
  std::string_view prefix;
  int count;
  bool above_base;
};

constexpr WideGroup kWideGroups[] = {
    {"", 92, false},
    {"", 28, true},
    {"squeeze_", 28, false},
    {"squeeze_", 4, true},
    {"sense_", 28, false},
    {"vq_", 32, false},
    {"vq_", 4, true},
    {"default_", 14, false},
    {"shipped_vae-m_", 10, false},
    {"shipped_vq-m_", 4, false},
    {"shipped_squeeze-t_", 4, false},
    {"shipped_sense-m_", 4, false},
};

// Draws that are the same everywhere: a linear congruential generator (Knuth's MMIX constants).
class Draws {
 public:
  explicit Draws(uint64_t seed) : state_(seed) {}

  // 0 .. count - 1
  int Below(int count) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int>((state_ >> 33) % static_cast<uint64_t>(count));
  }

  bool OneIn(int count) { return Below(count) == 0; }

 private:
  uint64_t state_;
};

// A side of a picture or of its base: multiples of blocks and odd ones, mostly small.
int DrawSide(Draws& draws, int longest) {
  const int side = 16 + draws.Below(draws.OneIn(3) ? longest - 15 : 49);
  return draws.OneIn(2) ? side : side / 16 * 16;
}

ConformanceBase DrawBase(Draws& draws, const ConformanceCase& c) {
  constexpr Added kAdded[] = {Added::kPictures, Added::kFilter, Added::kEither};
  const auto part = [&draws](int side) { return std::max(8, side - draws.Below(side * 3 / 4)); };
  ConformanceBase base = {c.width, c.height, 8, kAdded[draws.Below(3)]};
  if (draws.OneIn(2)) base.width = part(c.width), base.height = part(c.height);
  if (c.bit_depth == 10 && draws.OneIn(2)) base.bit_depth = 10;
  return base;
}

ConformanceCase DrawCase(Draws& draws, const WideGroup& group, const char* name) {
  constexpr int kGopFrames[] = {1, 3, 4, 8, 16, 50};
  constexpr int kCrfs[] = {0, 63, 4, 12, 20, 26, 30, 33, 36, 39, 42, 45, 48, 52, 57, 60};
  ConformanceCase c = {};
  c.name = name;
  c.width = DrawSide(draws, 144);
  c.height = DrawSide(draws, 112);
  c.bit_depth = draws.OneIn(3) ? 10 : 8;
  c.frames = 1 + draws.Below(draws.OneIn(4) ? 24 : 9);
  c.crf = kCrfs[draws.Below(16)];
  c.low_delay = draws.OneIn(3);
  c.gop_frames = kGopFrames[draws.Below(6)];
  c.cut_at = draws.OneIn(4) && c.frames > 2 ? 1 + draws.Below(c.frames - 1) : -1;
  if (draws.OneIn(5)) c.content = Content::kPages;
  if (group.above_base) {
    c.base = DrawBase(draws, c);
    c.cut_at = -1;  // GOPs begin where the base's do
  }
  return c;
}

}  // namespace

std::vector<WideCase> WideCases() {
  static std::deque<std::string> names;
  constexpr Preset kPresets[] = {Preset::kMedium, Preset::kFast, Preset::kSlow};
  Draws draws(300);
  std::vector<WideCase> cases;
  for (const WideGroup& group : kWideGroups) {
    for (int i = 0; i < group.count; ++i) {
      const int number = static_cast<int>(cases.size());
      names.push_back(std::string(group.prefix) + (group.above_base ? "hybrid_" : "") + "wide_" +
                      std::to_string(number));
      const ConformanceCase c = DrawCase(draws, group, names.back().c_str());
      cases.push_back({c, kPresets[draws.Below(3)]});
    }
  }
  return cases;
}

}  // namespace furl::test
