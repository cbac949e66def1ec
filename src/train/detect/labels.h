// Labels of clips: a line of JSON for each labelled frame (docs/detect.md, "Training").

#ifndef FURL_TRAIN_DETECT_LABELS_H_
#define FURL_TRAIN_DETECT_LABELS_H_

#include <map>
#include <string>
#include <vector>

#include "analysis/detect/box.h"
#include "base/status.h"

namespace furl::train {

struct LabelledObject {
  analysis::ObjectGroup group = analysis::ObjectGroup::kPerson;
  // Too doubtful to learn from, or to count as missed: neither there nor not there.
  bool doubtful = false;
  analysis::Box box;
};

struct LabelledFrame {
  int frame = 0;  // of the clip, from 0, in display order
  int width = 0;  // of the pictures that boxes are meant for
  int height = 0;
  std::vector<LabelledObject> objects;
};

// By the clip's file name, frames in their order.
using Labels = std::map<std::string, std::vector<LabelledFrame>>;

// Objects of other groups are left out; those that score less than `sure` are doubtful. kIo, or
// kInvalidStream that names the line.
Result<Labels> ReadLabels(const std::string& path, double sure);

}  // namespace furl::train

#endif  // FURL_TRAIN_DETECT_LABELS_H_
