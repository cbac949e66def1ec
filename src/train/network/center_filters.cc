#include "train/network/center_filters.h"

namespace furl::train {

void CenterFilters(const std::string& name, double gain, ParamStore& params) {
  if (!params.Has(name + ".weight")) return;
  auto weight = params.Get(name + ".weight").detach().clone();  // [out, 96, 1, 1]
  auto centered = weight.slice(0, 0, weight.size(0) * 3 / 4);
  constexpr int kPlanes[3][2] = {{0, 64}, {64, 80}, {80, 96}};
  for (const auto& [begin, end] : kPlanes) {
    auto plane = centered.slice(1, begin, end);
    plane -= plane.mean(1, /*keepdim=*/true);
  }
  params.Set(name + ".weight", weight * gain);
}

}  // namespace furl::train
