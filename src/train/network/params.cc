#include "train/network/params.h"

#include <cmath>

namespace furl::train {
namespace {

// Gain of the random start: relu layers keep the signal's power, branches that
// add to a trunk start at half strength so that depth doesn't blow it up.
double Gain(const ArchNode& node) {
  switch (node.form) {
    case nn::ConvForm::kRelu: return std::sqrt(2.0);
    case nn::ConvForm::kAdd: return 0.5;
    case nn::ConvForm::kS16: return 1.0;
  }
  return 1.0;
}

}  // namespace

Tensor KnotWeights(const Tensor& qp) {
  auto position = (qp.to(torch::kFloat32) / KnotQp(1)).unsqueeze(1);
  auto knots = torch::arange(kQpKnots, position.options()).unsqueeze(0);
  return torch::clamp_min(1.0 - (position - knots).abs(), 0.0);
}

void ParamStore::InitGraphs(const Architecture& arch, const std::string& prefix, uint64_t seed) {
  torch::manual_seed(seed);
  for (const auto& [name, graph] : arch.graphs) {
    if (name.compare(0, prefix.size(), prefix) != 0) continue;
    for (const ArchNode& node : graph.nodes) {
      if (!node.IsConv()) continue;
      auto weight = torch::randn({node.channels, node.in_channels, node.kernel, node.kernel});
      const double fan_in = static_cast<double>(node.in_channels) * node.kernel * node.kernel;
      weight = weight * (node.zero_init ? 0.0 : Gain(node) / std::sqrt(fan_in));
      auto bias = node.qp ? torch::zeros({kQpKnots, node.channels}) : torch::zeros({node.channels});
      Set(node.name + ".weight", weight);
      Set(node.name + ".bias", bias);
    }
  }
}

void ParamStore::Set(const std::string& name, const Tensor& value) {
  auto copy = value.detach().to(FloatOn(device_)).clone();
  if (copy.dim() == 4) copy = copy.contiguous(torch::MemoryFormat::ChannelsLast);
  const auto old = tensors_.find(name);
  const bool trainable = old == tensors_.end() || old->second.requires_grad();
  tensors_[name] = copy.set_requires_grad(trainable);
}

void ParamStore::SetTrainable(const std::string& prefix, bool trainable) {
  for (auto& [name, tensor] : tensors_) {
    if (name.compare(0, prefix.size(), prefix) == 0) tensor.set_requires_grad(trainable);
  }
}

std::vector<Tensor> ParamStore::Trainable() const {
  std::vector<Tensor> list;
  for (const auto& [name, tensor] : tensors_) {
    if (tensor.requires_grad()) list.push_back(tensor);
  }
  return list;
}

void ParamStore::Silence(const Architecture& arch, const std::string& prefix) {
  for (const auto& [name, graph] : arch.graphs) {
    if (!name.starts_with(prefix)) continue;
    for (const ArchNode& node : graph.nodes) {
      if (!node.zero_init) continue;
      for (const char* suffix : {".weight", ".bias"}) {
        Set(node.name + suffix, torch::zeros_like(Get(node.name + suffix)));
      }
    }
  }
}

ParamStore ParamStore::Clone() const {
  ParamStore copy(device_);
  for (const auto& [name, tensor] : tensors_) {
    copy.Set(name, tensor);
    copy.tensors_[name].set_requires_grad(tensor.requires_grad());
  }
  return copy;
}

}  // namespace furl::train
