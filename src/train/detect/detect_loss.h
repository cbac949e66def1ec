// What a detector is trained for.

#ifndef FURL_TRAIN_DETECT_DETECT_LOSS_H_
#define FURL_TRAIN_DETECT_DETECT_LOSS_H_

#include <array>
#include <vector>

#include "train/base/torch_compat.h"
#include "train/detect/labels.h"

namespace furl::train {

// Focal loss of what is where (T.-Y. Lin et al., "Focal loss for dense object detection", 2017) and
// generalized intersection over union of the boxes (H. Rezatofighi et al., 2019), per object place.
// Grids as DetectNet::Run gives them; objects of each item.
Tensor DetectLoss(const std::array<Tensor, 3>& grids,
                  const std::vector<std::vector<LabelledObject>>& objects);

}  // namespace furl::train

#endif  // FURL_TRAIN_DETECT_DETECT_LOSS_H_
