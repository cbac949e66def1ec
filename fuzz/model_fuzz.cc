// A model file: directory, graphs, proofs. Nothing that a file says may cost
// memory or time out of proportion to its size; and a graph that is accepted
// must run, with equal results from the scalar definition and the SIMD kernels.

#include "analysis/detect/detector.h"
#include "codec/families/decoders.h"
#include "fuzz/fuzz_util.h"
#include "model/model_file.h"
#include "nn/nn_test_util.h"
#include "nn/plan.h"

namespace furl {
namespace {

constexpr double kMaxMacsPerPixel = 4000;  // of graphs worth running

// The graph's outputs for inputs that depend on its shape alone; empty where
// memory or limits forbid the run.
std::vector<nn::Tensor> Run(const std::shared_ptr<const nn::Graph>& graph, nn::CpuTarget target) {
  auto plan = nn::Plan::Create(graph, target);
  FUZZ_CHECK(plan.ok());  // Parse has proven it
  auto state = nn::PlanState::Create(std::move(*plan), 3, 2);
  if (!state.ok()) return {};
  std::vector<nn::Tensor> inputs;
  std::vector<nn::Tensor> outputs(graph->outputs.size());
  std::vector<const nn::Tensor*> in;
  std::vector<nn::Tensor*> out;
  nn::TestRandom random(1);
  for (const int index : graph->inputs) {
    const nn::TensorInfo& info = graph->tensors[index];
    auto tensor = nn::Tensor::Create(info.format, (*state)->TensorHeight(info),
                                     (*state)->TensorWidth(info), info.channels);
    if (!tensor.ok()) return {};
    nn::FillTensor(random, nn::Fill::kMixed, &*tensor);
    inputs.push_back(std::move(*tensor));
  }
  for (const nn::Tensor& tensor : inputs) in.push_back(&tensor);
  for (nn::Tensor& tensor : outputs) out.push_back(&tensor);
  if (!(*state)->Run(63, in, out, nullptr).ok()) return {};
  return outputs;
}

void RunBothWays(const std::shared_ptr<const nn::Graph>& graph) {
  if (nn::MacsPerPixel(*graph) > kMaxMacsPerPixel) return;
  const std::vector<nn::Tensor> scalar = Run(graph, nn::CpuTarget::kScalar);
  const std::vector<nn::Tensor> simd = Run(graph, nn::SupportedCpuTargets().back());
  FUZZ_CHECK(scalar.size() == simd.size());
  for (size_t i = 0; i < scalar.size(); ++i) FUZZ_CHECK(scalar[i] == simd[i]);
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto model = furl::model::Model::Parse({data, data + size});
  if (!model.ok()) {
    FUZZ_CHECK(!model.status().message().empty());
    return 0;
  }
  (void)furl::CreateFamily(*model);
  (void)furl::analysis::Detector::Create(*model, 100, 60);
  for (const auto& [name, graph] : (*model)->graphs()) furl::RunBothWays(graph);
  return 0;
}
