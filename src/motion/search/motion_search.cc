#include "motion/search/motion_search.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "base/checked_math.h"
#include "motion/compensate.h"
#include "motion/search/block_search.h"

namespace furl::motion {
namespace {

// Bits per quantizer step of absolute difference, where Sad stands in for the
// residual's price.
constexpr double kSadPrice = 3.6;
constexpr int kRootCells = 1 << (kRootLog2 - kCellLog2);

Status CheckRequest(const SearchRequest& request) {
  if (request.original == nullptr) return InvalidArgument("no frame to search for");
  if (!(request.step > 0) || request.step > 4096) return InvalidArgument("impossible step");
  const Frame& frame = *request.original;
  for (int r = 0; r < request.motion.count; ++r) {
    const ConstFramePtr& ref = request.refs[r];
    if (ref == nullptr || ref->width() != frame.width() || ref->height() != frame.height() ||
        ref->border() < kReferenceBorder) {
      return InvalidArgument("reference does not fit the frame");
    }
  }
  const MotionField* half = request.half_motion;
  if (half != nullptr && (half->cols() < CeilDiv(frame.width(), 2 << kCellLog2) ||
                          half->rows() < CeilDiv(frame.height(), 2 << kCellLog2))) {
    return InvalidArgument("motion at half size does not fit the frame");
  }
  return OkStatus();
}

// Searches all roots, each after the one to its top right (and left), so that
// every neighbour a root looks at is decided, whatever the number of threads.
void SearchRoots(FrameSearch* frame, ThreadPool* pool) {
  const int rows = CeilDiv(frame->field->rows(), kRootCells);
  const int cols = CeilDiv(frame->field->cols(), kRootCells);
  std::vector<std::atomic<int>> done(rows);
  ParallelFor(pool, rows, [&](int row) {
    auto search = std::make_unique<RootSearch>(frame);
    for (int col = 0; col < cols; ++col) {
      if (row > 0) {
        const int needed = std::min(col + 2, cols);
        // Rows are handed out in order, so the one above is being worked on.
        for (int n = done[row - 1].load(); n < needed; n = done[row - 1].load()) {
          done[row - 1].wait(n);
        }
      }
      search->Run(col * kRootCells, row * kRootCells);
      done[row].store(col + 1);
      done[row].notify_all();
    }
  });
}

}  // namespace

SearchSettings SearchSettings::ForLevel(int level) {
  SearchSettings settings;
  if (level <= kFast) {
    settings.coarse_range = 8;
    settings.integer_steps = 8;
    settings.half_rounds = 1;
    settings.quarter_rounds = 1;
    settings.joint_rounds = 0;
    settings.good_enough = 0.04;
  } else if (level >= kSlow) {
    settings.coarse_range = 20;
    settings.integer_steps = 32;
    settings.directions = 8;
    settings.joint_rounds = 3;
    settings.good_enough = 0.004;
  }
  return settings;
}

Result<std::shared_ptr<const SearchReference>> MotionSearch::Prepare(const ConstFramePtr& frame,
                                                                     ThreadPool* pool) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (size_t i = 0; i < prepared_.size(); ++i) {
      if (prepared_[i].frame != frame) continue;
      std::rotate(prepared_.begin() + i, prepared_.begin() + i + 1, prepared_.end());
      return prepared_.back().picture;
    }
  }
  FURL_ASSIGN_OR_RETURN(auto picture, SearchReference::Create(*frame, pool));
  std::lock_guard<std::mutex> lock(mutex_);
  if (prepared_.size() >= kKeptReferences) prepared_.erase(prepared_.begin());
  prepared_.push_back({frame, picture});
  return picture;
}

Result<std::shared_ptr<MotionField>> MotionSearch::Run(const SearchRequest& request,
                                                       ThreadPool* pool) {
  FURL_RETURN_IF_ERROR(CheckRequest(request));
  const Frame& original = *request.original;
  FURL_ASSIGN_OR_RETURN(auto field, MotionField::Create(original.width(), original.height()));
  FURL_RETURN_IF_ERROR(CheckReferences(request.motion, *field));
  std::copy_n(request.motion.distance, kMaxReferences, field->distance);
  FURL_ASSIGN_OR_RETURN(auto source, SearchSource::Create(original));
  const MotionContexts fresh;
  const MotionContexts& contexts = request.contexts != nullptr ? *request.contexts : fresh;
  FrameSearch frame = {settings_,
                       request.motion,
                       *source,
                       {},
                       MotionPrices(contexts, request.motion.count),
                       CodingCurve(request.step),
                       std::llround(65536 * kSadPrice / request.step),
                       std::llround(256 * settings_.rate_scale),
                       std::llround(256 * settings_.good_enough),
                       {},
                       CeilDiv(field->padded_width(), 32),
                       field.get()};
  for (int r = 0; r < request.motion.count; ++r) {
    FURL_ASSIGN_OR_RETURN(frame.refs[r], Prepare(request.refs[r], pool));
    SearchCoarse(&frame, r, request.half_motion, pool);
  }
  SearchRoots(&frame, pool);
  return field;
}

}  // namespace furl::motion
