// Random canvases to train a detector on: one scene, or parts of four, at random sizes, mirrored
// and in other colours.

#ifndef FURL_TRAIN_DETECT_SCENE_SAMPLER_H_
#define FURL_TRAIN_DETECT_SCENE_SAMPLER_H_

#include <array>
#include <cstdint>
#include <random>
#include <vector>

#include "train/base/torch_compat.h"
#include "train/detect/scene_data.h"

namespace furl::train {

// What a detector is shown, and what it should find there.
struct CanvasBatch {
  Tensor pictures;  // packed samples in real units, [N, 96, 2h, 2w]
  Tensor motion;    // as analysis::MotionNumbers has it, [N, 16, h, w]
  Tensor qp;        // [N]
  std::vector<std::vector<LabelledObject>> objects;  // of each, in samples of the canvas
};

struct CanvasOptions {
  int side = 384;  // luma samples; a multiple of 128
  int batch = 12;
  int finest_qp = 8;
  int coarsest_qp = 48;
};

class SceneSampler {
 public:
  // Scenes are borrowed. Each clip is drawn as often, and each group about as often.
  SceneSampler(const std::vector<const Scene*>& scenes, const CanvasOptions& options,
               uint64_t seed);

  CanvasBatch Draw();

 private:
  const Scene& DrawScene();

  const CanvasOptions options_;
  std::mt19937_64 rng_;
  // Scenes with objects of a group, the last with none, by clip.
  std::array<std::vector<std::vector<const Scene*>>, analysis::kObjectGroups + 1> by_group_;
};

// A whole scene as a batch of one, extended to multiples of 64 by repeating its edges.
CanvasBatch WholeScene(const Scene& scene, int qp);

}  // namespace furl::train

#endif  // FURL_TRAIN_DETECT_SCENE_SAMPLER_H_
