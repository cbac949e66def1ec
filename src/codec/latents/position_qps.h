// The QPs of the positions of a latent grid, of a frame that may have a QP map.

#ifndef FURL_CODEC_LATENTS_POSITION_QPS_H_
#define FURL_CODEC_LATENTS_POSITION_QPS_H_

#include "codec/common/family.h"

namespace furl::latents {

class PositionQps {
 public:
  // Positions are `scale` (8, 16 or 32) luma samples apart. Borrows the map, which may be of no
  // picture where it says nothing.
  PositionQps(const FrameTask& task, int scale)
      : qp_(task.qp),
        per_block_(QpMap::kBlock / scale),
        map_(task.qp_map != nullptr && !task.qp_map->AllZero() ? task.qp_map : nullptr) {}

  // By how much the QP of a position differs from the frame's.
  int OffsetAt(int y, int x) const {
    return map_ == nullptr ? 0 : QpMap::kQpPerStep * map_->At(x / per_block_, y / per_block_);
  }
  int At(int y, int x) const { return qp_ + OffsetAt(y, x); }

 private:
  const int qp_;
  const int per_block_;
  const QpMap* const map_;
};

}  // namespace furl::latents

#endif  // FURL_CODEC_LATENTS_POSITION_QPS_H_
