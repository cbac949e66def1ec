#include "codec/enc/gop_cutter.h"

#include <algorithm>

namespace furl {
namespace {

// A chunk ends at the first scene cut after so many of the longest GOPs and frames, where nothing
// is lost: what was shown before is of no use. Where there is no cut for long it ends all the same,
// and a still scene's key frame may then be seen to come.
constexpr int64_t kLeastGops = 5;
constexpr int64_t kLeastFrames = 250;
constexpr int64_t kMostGops = 30;
constexpr int64_t kMostFrames = 1500;

}  // namespace

GopCutter::GopCutter(int gop_length) : gop_length_(gop_length) {}

GopCutter::Place GopCutter::Next(const Frame& frame, const Wish& wish) {
  const bool cut = wish.cuts && scene_cut_.IsCut(frame);
  Place place;
  place.begins_gop = cut || wish.begin || in_gop_ == 0 || in_gop_ >= gop_length_;
  if (place.begins_gop) {
    place.begins_chunk = BeginsChunk(cut);
    in_gop_ = 0;
    if (place.begins_chunk) in_chunk_ = 0;
  }
  ++in_gop_;
  ++in_chunk_;
  return place;
}

bool GopCutter::BeginsChunk(bool cut) const {
  const int64_t least = std::max(kLeastGops * gop_length_, kLeastFrames);
  const int64_t most = std::max(kMostGops * gop_length_, kMostFrames);
  return in_chunk_ == 0 || in_chunk_ >= (cut ? least : most);
}

}  // namespace furl
