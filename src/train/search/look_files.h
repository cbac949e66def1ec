// Looks of videos, read once and kept: encoding them on the fly takes longer than all training.

#ifndef FURL_TRAIN_SEARCH_LOOK_FILES_H_
#define FURL_TRAIN_SEARCH_LOOK_FILES_H_

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "train/search/contrastive.h"

namespace furl::train {

// Looks of the first shot of all videos in the folders. Files of the same name, apart from folder
// and ending, are of one scene. `progress` hears of each.
Result<SceneLooks> ReadLooks(const std::vector<std::string>& folders, int threads,
                             const std::function<void(const std::string& path)>& progress);

// As a safetensors file.
Status SaveLooks(const SceneLooks& data, const std::string& path);
Result<SceneLooks> LoadLooks(const std::string& path);

}  // namespace furl::train

#endif  // FURL_TRAIN_SEARCH_LOOK_FILES_H_
