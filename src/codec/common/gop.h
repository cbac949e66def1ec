// GOP structure: the order in which the frames of a GOP are coded, what each
// may refer to and how its quality varies.
//
// A hierarchical GOP is an intra frame and then mini-GOPs of up to kLongestMiniGop
// frames: the last frame of a mini-GOP is a P frame predicted from the anchors
// before it, the frames between are B frames by repeated halving. Low-delay
// GOPs are P frames in display order. Every GOP is closed: nothing refers
// outside it.

#ifndef FURL_CODEC_COMMON_GOP_H_
#define FURL_CODEC_COMMON_GOP_H_

#include <vector>

#include "bitstream/packet.h"

namespace furl {

inline constexpr int kLongestMiniGop = 16;
inline constexpr int kTypicalMiniGop = 8;  // without look-ahead, or a short one

struct FramePlan {
  // Says how many references there are: P frames have one, B frames two, which
  // for anchors (level 0) both lie in the past.
  FrameType type = FrameType::kI;
  int display = 0;  // index within the GOP
  // Slots of the references, most useful first; -1 = none. For B frames the
  // first is the past one.
  int ref_slot[2] = {-1, -1};
  int ref_display[2] = {-1, -1};  // what these slots hold, as `display`
  int store_slot = -1;            // where the reconstruction goes, or -1
  int level = 0;                  // depth in the hierarchy, 0 for I and P
};

// Plans one GOP, mini-GOP by mini-GOP, as frames become known.
class GopPlanner {
 public:
  // `mini_gop`: the most frames of a mini-GOP, 1..kLongestMiniGop; 1 for low delay.
  explicit GopPlanner(int mini_gop) : mini_gop_(mini_gop) {}

  // The first frame of a new GOP.
  FramePlan Intra();

  // The next `count` frames, 1..mini_gop(), in coding order. Counts may differ
  // from one mini-GOP to the next. A copy of the planner plans ahead.
  std::vector<FramePlan> MiniGop(int count);

  int mini_gop() const { return mini_gop_; }

 private:
  struct Anchor {
    int display = -1;
    int slot = -1;
  };
  static void PlanBetween(const Anchor& past, const Anchor& future, int level,
                          std::vector<FramePlan>* out);

  int mini_gop_;
  Anchor last_;
  Anchor before_;
};

// The QP nearest to `qp`.
int RoundQp(double qp);

// QP of a frame where nothing is known about the video, from the QP of the GOP's
// first frame: deeper frames are coarser.
int FrameQp(double base_qp, const FramePlan& plan, bool low_delay);

}  // namespace furl

#endif  // FURL_CODEC_COMMON_GOP_H_
