// Lookahead: frames wait here until enough is known of what follows them, and
// leave in coding order with their place in the GOP and their QP.
//
//   Lookahead lookahead(settings, pool);
//   lookahead.BeginGop();
//   lookahead.Push(frame);                  // ... in display order
//   while (lookahead.Ready(closed)) {       // closed: no more frames in this GOP
//     auto frames = lookahead.Next(closed); // an intra frame or a mini-GOP
//   }

#ifndef FURL_CODEC_ENC_LOOKAHEAD_H_
#define FURL_CODEC_ENC_LOOKAHEAD_H_

#include <deque>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "codec/common/gop.h"
#include "codec/common/qp_map.h"
#include "codec/common/step_law.h"
#include "codec/enc/encoder_settings.h"
#include "codec/enc/frame_costs.h"
#include "codec/enc/temporal_filter.h"
#include "image/frame.h"

namespace furl {

struct LookaheadSettings {
  StepLaw step_law;  // the family's
  // The QP that frames of a GOP are planned from, by how many it has (quality_scale.h).
  std::function<double(int frames)> base_qp = [](int) { return 32.0; };
  int gop_length = 50;  // most frames of a GOP
  Tune tune = Tune::kPsnr;
  bool low_delay = false;
  // Frames to wait for before a mini-GOP is coded, at least as many as it may have;
  // 0 = none: mini-GOPs of 8 and fixed QP offsets. Low delay never waits.
  int frames = 32;
};

// A frame and what was decided for it.
struct PlannedFrame {
  ConstFramePtr frame;
  FramePlan plan;
  int qp = 0;
  // None without look-ahead: block costs against the plan's references, per
  // block how much the frame's quality matters (propagation.h), and the QPs of
  // blocks that follow from it.
  std::shared_ptr<const FrameCosts> costs;
  std::vector<float> worth;
  QpMap qp_map;
  ConstFramePtr base = nullptr;  // reference made of the base's picture of its time, if any
  bool from_base = true;         // of key frames, where there is one: predicted from it
  std::vector<NearbyFrame> nearby =
      {};  // of anchors: originals around it, as far as they are known
};

class Lookahead {
 public:
  // `pool` must outlive the look-ahead and may be null; it changes no result.
  Lookahead(const LookaheadSettings& settings, ThreadPool* pool);

  // All frames pushed must have been taken.
  void BeginGop();
  Status Push(ConstFramePtr frame);

  // Whether Next has something to give. Without low delay at least one frame of a GOP that isn't
  // closed stays behind, so that what ends a GOP is known when it is taken.
  bool Ready(bool closed) const;
  // Whether all frames pushed have been taken.
  bool Empty() const { return taken_ == pushed_; }
  Result<std::vector<PlannedFrame>> Next(bool closed);

 private:
  struct Planned {
    FramePlan plan;
    std::shared_ptr<const FrameCosts> costs;
  };
  using MiniGop = std::vector<Planned>;

  bool enabled() const { return settings_.frames > 0 && !settings_.low_delay; }
  Result<std::vector<PlannedFrame>> NextFixed();
  // Plans all frames that can be planned.
  Status Plan(bool closed);
  Status PlanMiniGop(int count);
  // Sizes of the mini-GOPs for the `count` frames that `planner` has to plan next.
  Status ChooseSizes(const GopPlanner& planner, int count, std::vector<int>* sizes);
  Result<bool> BetterHalved(const GopPlanner& planner, int count);
  Result<std::shared_ptr<const FrameCosts>> Costs(const FramePlan& plan);
  Result<std::vector<PlannedFrame>> Take(bool closed);
  // Of a frame that has not been taken, those that have not been either.
  std::vector<NearbyFrame> Nearby(int display) const;
  void Forget(int display);

  const LookaheadSettings settings_;
  ThreadPool* pool_;
  CostAnalyzer analyzer_;
  GopPlanner planner_;

  // By place in the GOP; frames wait until they are taken, half pictures
  // and costs until no frame can refer to them.
  std::map<int, ConstFramePtr> frames_;
  std::map<int, ConstFramePtr> halves_;
  std::map<std::tuple<int, int, int>, std::shared_ptr<const FrameCosts>> costs_;
  std::deque<MiniGop> planned_;
  int pushed_ = 0;       // frames of the GOP
  int planned_end_ = 0;  // of which these are planned
  int taken_ = 0;        // and these taken
};

// Frames to wait for that pictures of this size should be given: fewer where
// they would need much memory.
int LookaheadFrames(int width, int height);

}  // namespace furl

#endif  // FURL_CODEC_ENC_LOOKAHEAD_H_
