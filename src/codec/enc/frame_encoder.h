// FrameEncoder: one frame of a GOP to the sections of its packet.

#ifndef FURL_CODEC_ENC_FRAME_ENCODER_H_
#define FURL_CODEC_ENC_FRAME_ENCODER_H_

#include <memory>
#include <vector>

#include "base/thread_pool.h"
#include "codec/common/family.h"
#include "codec/common/reference.h"
#include "codec/enc/encoder.h"
#include "codec/enc/lookahead.h"
#include "motion/compensate.h"
#include "motion/motion_field.h"
#include "motion/motion_search.h"

namespace furl {

// What coding a frame gave.
struct CodedFrame {
  size_t motion_bytes = 0;       // at the start of `side`
  std::vector<uint8_t> side;     // motion and hyper-latents, perhaps latents
  std::vector<uint8_t> latents;  // may be empty
  ReferencePtr reconstruction;
};

// Holds the working memory of one frame in flight.
class FrameEncoder {
 public:
  static Result<std::unique_ptr<FrameEncoder>> Create(const EncoderSettings& settings,
                                                      const Family& family, ThreadPool* pool);

  // Codes a frame as planned; `refs` are what the plan's slots hold.
  Result<CodedFrame> Encode(const PlannedFrame& planned, const ReferencePtr (&refs)[2]);

  // The prediction of the last frame coded, null if it was intra.
  const motion::PredictionPlanes* prediction() const;

 private:
  FrameEncoder(const EncoderSettings& settings, const Family& family, ThreadPool* pool);
  Status Predict(const PlannedFrame& planned, const ReferencePtr (&refs)[2], RangeEncoder* side);

  const EncoderSettings& settings_;
  const Family& family_;
  ThreadPool* pool_;
  motion::MotionSearch search_;
  std::unique_ptr<FamilyState> state_;
  motion::PredictionPlanes prediction_;
  std::shared_ptr<motion::MotionField> field_;  // of the frame just coded
  bool intra_ = true;
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_FRAME_ENCODER_H_
