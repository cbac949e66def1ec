// What `furl detect --json` found, beside labels.

#ifndef FURL_TRAIN_DETECT_DETECTION_FILES_H_
#define FURL_TRAIN_DETECT_DETECTION_FILES_H_

#include <string>
#include <vector>

#include "base/status.h"
#include "train/detect/average_precision.h"
#include "train/detect/labels.h"

namespace furl::train {

// The labelled frames of the clips that files are named after (CLIP.ndjson), with the objects that
// were found in each. Lines of type "frame" are a clip's frames, one after the other.
Result<std::vector<ScoredFrame>> ReadDetections(const std::vector<std::string>& paths,
                                                const Labels& labels);

}  // namespace furl::train

#endif  // FURL_TRAIN_DETECT_DETECTION_FILES_H_
