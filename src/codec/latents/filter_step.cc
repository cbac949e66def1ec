#include "codec/latents/filter_step.h"

#include "base/checked_math.h"

namespace furl::latents {

filter::LoopFilterInput FilterStep::Input(const FrameTask& task, const Frame& decoded) {
  const int columns = CeilDiv(decoded.width(), QpMap::kBlock);
  const int rows = CeilDiv(decoded.height(), QpMap::kBlock);
  block_qps_.assign(static_cast<size_t>(columns) * rows, static_cast<uint8_t>(ModelQp(task.qp)));
  if (task.qp_map != nullptr && task.qp_map->cols() == columns) {
    for (int y = 0; y < rows; ++y) {
      for (int x = 0; x < columns; ++x) {
        block_qps_[static_cast<size_t>(y) * columns + x] =
            static_cast<uint8_t>(ModelQp(task.qp + QpMap::kQpPerStep * task.qp_map->At(x, y)));
      }
    }
  }
  if (task.intra()) return {&decoded, nullptr, block_qps_};
  for (int p = 0; p < 3; ++p) predicted_[p] = task.prediction->pred(p);
  return {&decoded, &predicted_, block_qps_};
}

void FilterStep::Run(const filter::LoopFilter* loop_filter, const FrameTask& task,
                     const Frame& decoded, const filter::FilterStrengths& strengths,
                     Frame* reconstruction) {
  if (loop_filter == nullptr) {
    filter::RoundPicture(decoded, task.pool, reconstruction);
  } else {
    loop_filter->Run(Input(task, decoded), strengths, task.pool, reconstruction);
  }
  if (task.samples != nullptr) task.samples->Overlay(reconstruction);
}

}  // namespace furl::latents
