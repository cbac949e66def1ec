// The encoder's motion search: decides the MotionField of a frame.
//
//   MotionSearch search(SearchSettings::ForLevel(1));
//   SearchRequest request;
//   request.original = frame;              // to be predicted
//   request.refs[0] = past;                // reconstructed, with border
//   request.motion.count = 1;
//   request.step = step;
//   auto field = search.Run(request, pool);
//   ...
//   WriteMotion(request.motion, field->get(), &contexts, &encoder);

#ifndef FURL_MOTION_SEARCH_MOTION_SEARCH_H_
#define FURL_MOTION_SEARCH_MOTION_SEARCH_H_

#include <memory>
#include <mutex>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "image/frame.h"
#include "motion/motion_candidates.h"
#include "motion/motion_field.h"
#include "motion/motion_syntax.h"
#include "motion/search/search_picture.h"

namespace furl::motion {

struct SearchSettings {
  static constexpr int kFast = 0, kMedium = 1, kSlow = 2;
  // Settings for `level`, clamped to kFast..kSlow.
  static SearchSettings ForLevel(int level);

  int coarse_range = 12;       // of the exhaustive search at 1/4 size, its samples
  int integer_steps = 16;      // most moves of the whole-sample descent
  int directions = 4;          // of a move at fractions: 4, or 8 with the diagonals
  int half_rounds = 2;         // most moves at half samples
  int quarter_rounds = 2;      // the same at quarter samples
  int joint_rounds = 1;        // refinements of both vectors of a pair
  double good_enough = 0.015;  // residual, in bits per sample, at which search and splitting stop
  int min_size_log2 = 3;       // smallest block: 3..6
  double rate_scale = 1;       // weight of motion bits against the residual's
};

struct SearchRequest {
  ConstFramePtr original;
  ConstFramePtr refs[kMaxReferences];  // same size and depth; border >= kReferenceBorder
  MotionReferences motion;             // `motion.count` of the refs are used
  // The models' state that writing will start from; null: new ones.
  const MotionContexts* contexts = nullptr;
  double step = 16;  // quantizer step of the residual in 8-bit sample units
  // Motion between the same pictures at half their size (rounded up), if known:
  // searches start there instead of at the result of an exhaustive one.
  const MotionField* half_motion = nullptr;
};

class MotionSearch {
 public:
  explicit MotionSearch(const SearchSettings& settings) : settings_(settings) {}

  // The field to write and compensate with. Does not depend on `pool` (may be
  // null). May be called from several threads at once.
  Result<std::shared_ptr<MotionField>> Run(const SearchRequest& request, ThreadPool* pool);

 private:
  // Prepared references, most recently used last; a frame kept here can't be
  // confused with a later one at the same address.
  struct Prepared {
    ConstFramePtr frame;
    std::shared_ptr<const SearchReference> picture;
  };
  static constexpr size_t kKeptReferences = 4;

  Result<std::shared_ptr<const SearchReference>> Prepare(const ConstFramePtr& frame,
                                                         ThreadPool* pool);

  SearchSettings settings_;
  std::mutex mutex_;
  std::vector<Prepared> prepared_;
};

}  // namespace furl::motion

#endif  // FURL_MOTION_SEARCH_MOTION_SEARCH_H_
