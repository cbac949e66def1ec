// Scenes: labelled pictures of clips and how fast what is in them moves, as the codec's own motion
// search found it. Coding takes longer than reading, so all is kept in a file.

#ifndef FURL_TRAIN_DETECT_SCENE_DATA_H_
#define FURL_TRAIN_DETECT_SCENE_DATA_H_

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "model/model_file.h"
#include "train/detect/labels.h"
#include "train/preprocess/clip_reader.h"

namespace furl::train {

// Of a 16x16 block, against the camera's (analysis/detect/velocity_map.h).
struct BlockVelocity {
  float x = 0;
  float y = 0;
  float known = 0;  // or 1
};

struct Scene {
  std::string clip;
  LabelledFrame label;
  PlanarPicture picture;  // of the label's size, even sides
  std::vector<BlockVelocity> velocities;

  int cols() const { return (label.width + 15) / 16; }
  int rows() const { return (label.height + 15) / 16; }
};

// All labelled frames of the clips that are in the folder. `model` codes them.
Result<std::vector<Scene>> CodeScenes(const std::string& folder, const Labels& labels,
                                      model::ModelPtr model, int threads,
                                      const std::function<void(const std::string& clip)>& progress);

// Without the labels' objects, which are read from `labels` again.
Status SaveScenes(const std::vector<Scene>& scenes, const std::string& path);
Result<std::vector<Scene>> LoadScenes(const std::string& path, const Labels& labels);

}  // namespace furl::train

#endif  // FURL_TRAIN_DETECT_SCENE_DATA_H_
