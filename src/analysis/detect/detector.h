// Detector: objects in key frames, from their latents and the motion that follows, by a network of
// integers that a model file holds. No picture is made.
//
//   auto detector = Detector::Create(model, width, height).value();
//   auto found = detector->Detect(latents, motion, qp, &pool).value();
//
// docs/detect.md says what the network sees and how good it is.

#ifndef FURL_ANALYSIS_DETECT_DETECTOR_H_
#define FURL_ANALYSIS_DETECT_DETECTOR_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "analysis/detect/box.h"
#include "analysis/detect/velocity_map.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "model/model_file.h"
#include "nn/plan.h"

namespace furl::analysis {

inline constexpr char kDetectorFamily[] = "detect";  // what such a model file names as its family

// Displayed frames behind a key frame whose motion its detection looks at.
inline constexpr int kMotionFrames = 3;

class Detector {
 public:
  // Work per luma sample of a key frame that is allowed, in multiply-accumulates.
  static constexpr double kMostWork = 20000;
  static constexpr size_t kMostFound = 100;  // per frame

  // For pictures of that size. kUnsupported: not a model of a detector; kInvalidStream: a broken
  // one; kLimitExceeded.
  static Result<std::unique_ptr<Detector>> Create(const model::ModelPtr& model, int width,
                                                  int height);

  // Whether it was trained on latents of that model.
  static bool Knows(const model::Model& detector, const model::ModelId& codec);

  // `latents` as LatentFrame has them, of a key frame of that QP; kInvalidArgument where their
  // shape is another. `pool` may be null. What scores `least` or more, the best first.
  Result<std::vector<Detection>> Detect(const nn::Tensor& latents, const VelocityMap& motion,
                                        int qp, double least, ThreadPool* pool);

 private:
  Detector(std::unique_ptr<nn::PlanState> state, int width, int height)
      : state_(std::move(state)), width_(width), height_(height) {}

  Status ShowMotion(const VelocityMap& motion);

  const std::unique_ptr<nn::PlanState> state_;
  const int width_;
  const int height_;
  nn::Tensor motion_;
  std::array<nn::Tensor, 3> grids_;
};

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_DETECT_DETECTOR_H_
