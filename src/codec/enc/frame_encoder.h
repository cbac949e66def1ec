// FrameEncoder: one frame of a GOP to the sections of its packet.

#ifndef FURL_CODEC_ENC_FRAME_ENCODER_H_
#define FURL_CODEC_ENC_FRAME_ENCODER_H_

#include <memory>
#include <vector>

#include "base/thread_pool.h"
#include "codec/common/family.h"
#include "codec/common/reference.h"
#include "codec/enc/encoder_predictor.h"
#include "codec/enc/encoder_settings.h"
#include "codec/enc/lookahead.h"
#include "motion/compensate.h"

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
                                                      const FamilyEncoder& family,
                                                      ThreadPool* pool);
  // The same with another way to predict frames that aren't key frames than by motion.
  static Result<std::unique_ptr<FrameEncoder>> Create(const EncoderSettings& settings,
                                                      const FamilyEncoder& family, ThreadPool* pool,
                                                      std::unique_ptr<EncoderPredictor> predictor);

  // Codes a frame as planned; `refs` are what the plan's slots hold. The family comes close to
  // `target`, which has the format of the planned frame and may be it.
  Result<CodedFrame> Encode(const PlannedFrame& planned, const Frame& target,
                            const ReferencePtr (&refs)[2]);

  // The prediction of the last frame coded, null if it was intra.
  const motion::PredictionPlanes* prediction() const { return prediction_.planes; }

 private:
  FrameEncoder(const EncoderSettings& settings, const FamilyEncoder& family, ThreadPool* pool)
      : settings_(settings), family_(family), pool_(pool) {}

  const EncoderSettings settings_;
  const FamilyEncoder& family_;
  ThreadPool* pool_;
  std::unique_ptr<EncoderPredictor> inter_predictor_;
  std::unique_ptr<FamilyState> state_;
  Prediction prediction_;  // of the frame just coded, as are
  SampleBlocks samples_;
};

}  // namespace furl

#endif  // FURL_CODEC_ENC_FRAME_ENCODER_H_
