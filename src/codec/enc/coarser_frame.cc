#include "codec/enc/coarser_frame.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace furl {
namespace {

Result<ConstFramePtr> CheapestPicture(const Frame& original, const ReferencePtr& reference) {
  if (reference != nullptr) return Frame::StandIn(reference->frame, original.tag());
  FURL_ASSIGN_OR_RETURN(FramePtr gray, original.Copy());
  const auto middle = static_cast<uint16_t>(1 << (original.bit_depth() - 1));
  for (int p = 0; p < 3; ++p) {
    const Plane plane = gray->plane(p);
    for (int y = 0; y < plane.height; ++y) std::fill_n(plane.row(y), plane.width, middle);
  }
  return ConstFramePtr(std::move(gray));
}

}  // namespace

void SetQp(int qp, PlannedFrame* planned) {
  planned->qp = qp;
  QpMap& map = planned->qp_map;
  for (int row = 0; row < map.rows(); ++row) {
    for (int col = 0; col < map.cols(); ++col) {
      map.Set(col, row,
              std::clamp(map.At(col, row), QpMap::LowestStep(qp), QpMap::HighestStep(qp)));
    }
  }
}

Status MakeCheapest(const ReferencePtr& reference, PlannedFrame* planned) {
  FURL_ASSIGN_OR_RETURN(planned->frame, CheapestPicture(*planned->frame, reference));
  QpMap& map = planned->qp_map;
  map = QpMap(map.cols() * QpMap::kBlock, map.rows() * QpMap::kBlock);
  planned->costs = nullptr;  // of the picture that was there
  return OkStatus();
}

}  // namespace furl
