#include "analysis/detect/detector.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "analysis/detect/box_grid.h"
#include "image/coding_scales.h"
#include "nn/graph/graph.h"

namespace furl::analysis {
namespace {

constexpr int kLatentScale = 16;
constexpr double kMotionUnit = 512;  // of s16 tensors

struct Port {
  const char* name;
  int channels;  // 0: any
  int scale;
};

Status CheckPort(const nn::Graph& graph, int tensor, const Port& port) {
  const nn::TensorInfo& info = graph.tensors[tensor];
  const bool fits = info.name == port.name && info.format == nn::Format::kS16 &&
                    (port.channels == 0 || info.channels == port.channels) &&
                    info.scale == port.scale && info.rounded_scale == port.scale;
  return fits ? OkStatus() : InvalidStream(std::string("detector: tensor ") + port.name);
}

Status CheckGraph(const nn::Graph& graph) {
  if (graph.inputs.size() != 2 || graph.outputs.size() != kGridNames.size()) {
    return InvalidStream("detector: number of inputs or outputs");
  }
  FURL_RETURN_IF_ERROR(CheckPort(graph, graph.inputs[0], {"latents", 0, kLatentScale}));
  FURL_RETURN_IF_ERROR(
      CheckPort(graph, graph.inputs[1], {"motion", nn::kChannelMultiple, kLatentScale}));
  for (size_t i = 0; i < kGridNames.size(); ++i) {
    FURL_RETURN_IF_ERROR(
        CheckPort(graph, graph.outputs[i], {kGridNames[i], kGridChannels, kGridScales[i]}));
  }
  if (nn::WorkPerPixel(graph) > Detector::kMostWork) {
    return LimitExceeded("detector: work per sample");
  }
  return OkStatus();
}

}  // namespace

Result<std::unique_ptr<Detector>> Detector::Create(const model::ModelPtr& model, int width,
                                                   int height) {
  const auto graph = model->graph("detect");
  if (model->family() != kDetectorFamily || graph == nullptr) {
    return Unsupported("'" + model->name() + "' is no detector");
  }
  FURL_RETURN_IF_ERROR(CheckGraph(*graph));
  FURL_ASSIGN_OR_RETURN(std::shared_ptr<const nn::Plan> plan, nn::Plan::Create(graph));
  const auto blocks = [](int side) { return (side + kLatentScale - 1) / kLatentScale; };
  FURL_ASSIGN_OR_RETURN(auto state,
                        nn::PlanState::Create(std::move(plan), blocks(height), blocks(width)));
  return std::unique_ptr<Detector>(new Detector(std::move(state), width, height));
}

bool Detector::Knows(const model::Model& detector, const model::ModelId& codec) {
  const auto known =
      detector.Tensor("latents_of", model::DType::kU8, {static_cast<int64_t>(codec.size())});
  return known.ok() && std::equal(codec.begin(), codec.end(), known->data.begin());
}

Status Detector::ShowMotion(const VelocityMap& motion) {
  FURL_RETURN_IF_ERROR(
      motion_.Reshape(nn::Format::kS16, state_->height(), state_->width(), nn::kChannelMultiple));
  motion_.Clear();
  const Velocity camera = motion.Camera();
  for (int row = 0; row < std::min(motion.rows(), motion_.height()); ++row) {
    for (int col = 0; col < std::min(motion.cols(), motion_.width()); ++col) {
      if (!motion.Known(col, row)) continue;
      const auto numbers = MotionNumbers(motion.At(col, row) - camera);
      for (int i = 0; i < kMotionNumbers; ++i) {
        motion_.S16(row, col)[i] = static_cast<int16_t>(std::lround(numbers[i] * kMotionUnit));
      }
    }
  }
  return OkStatus();
}

Result<std::vector<Detection>> Detector::Detect(const nn::Tensor& latents,
                                                const VelocityMap& motion, int qp, double least,
                                                ThreadPool* pool) {
  FURL_RETURN_IF_ERROR(ShowMotion(motion));
  FURL_RETURN_IF_ERROR(
      state_->Run(ModelQp(qp), {&latents, &motion_}, {&grids_[0], &grids_[1], &grids_[2]}, pool));
  std::vector<Detection> found;
  for (size_t i = 0; i < grids_.size(); ++i) {
    AddBoxes(grids_[i], kGridScales[i], width_, height_, least, &found);
  }
  return BestOf(std::move(found), kMostFound);
}

}  // namespace furl::analysis
