#include "train/loop/validation.h"

#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "train/loop/parallel_step.h"

namespace furl::train {
namespace {

constexpr int kQps[4] = {16, 28, 38, 48};  // of the whole range
constexpr int kBatchesPerQp = 2;

// Means over the batches of one QP.
nlohmann::json PointOf(int qp, const std::vector<Batch>& batches, const PartModel& part,
                       const RunOptions& run) {
  double bpp = 0, mse = 0, cost = 0;
  std::map<std::string, double> named;
  for (const Batch& batch : batches) {
    const Loss loss = part.Validate(batch, run);
    const double n = static_cast<double>(batches.size());
    const double pixels = static_cast<double>(batch.pixels_per_item()) * n;
    bpp += loss.rate.mean().item<double>() / pixels;
    mse += loss.luma_sse.mean().item<double>() / pixels;
    cost += CostPerPixel(loss, batch).mean().item<double>() / n;
    for (const auto* sums : {&loss.named, &loss.parts}) {
      for (const auto& [name, sum] : *sums) named[name] += sum.mean().item<double>() / pixels;
    }
    for (const auto& [name, value] : loss.notes) named[name] += value / n;
  }
  nlohmann::json point = {
      {"qp", qp}, {"bpp", bpp}, {"psnr_y", 10 * std::log10(255 * 255 / mse)}, {"cost", cost}};
  point.update(nlohmann::json(named));
  return point;
}

}  // namespace

Status Validation::Open(BatchOptions crops, const torch::Device& device) {
  crops.held_out = true;
  FURL_ASSIGN_OR_RETURN(const BatchSource held_out, MakeBatchSource(crops));
  for (const int of_all : kQps) {
    const int qp = crops.qps.Of(of_all);
    qps_.push_back(qp);
    std::vector<Batch>& batches = batches_.emplace_back();
    for (int i = 0; i < kBatchesPerQp; ++i) batches.push_back(held_out(qp).To(device));
  }
  return OkStatus();
}

Validation::Result Validation::Run(const PartModel& part, const RunOptions& run) const {
  torch::NoGradGuard no_grad;
  Result result;
  for (size_t i = 0; i < batches_.size(); ++i) {
    result.points.push_back(PointOf(qps_[i], batches_[i], part, run));
    const double cost = result.points.back().at("cost").get<double>();
    result.score += std::log2(cost) / static_cast<double>(batches_.size());
  }
  return result;
}

}  // namespace furl::train
