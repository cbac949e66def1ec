#include "train/export/parity.h"

#include <nlohmann/json.hpp>
#include <random>

#include "nn/graph/bias_knots.h"
#include "nn/graph/graph.h"
#include "nn/plan.h"
#include "train/network/safetensors.h"

namespace furl::train {
namespace {

constexpr int kSizes[][2] = {{1, 1}, {2, 3}, {5, 4}, {7, 9}, {8, 16}};

struct InputPair {
  nn::Tensor runtime;
  Tensor simulated;  // [1, C, H, W] doubles
};

// Random values over the format's range, sometimes only its extremes, or small
// ones as in quiet pictures.
int RandomValue(nn::Format format, int style, std::mt19937_64& rng) {
  const bool u7 = format == nn::Format::kU7;
  if (style == 0)
    return u7 ? static_cast<int>(rng() % 128) : static_cast<int>(rng() % 65536) - 32768;
  if (style == 1) {
    const bool high = (rng() & 1) != 0;
    return u7 ? (high ? 127 : 0) : (high ? 32767 : -32768);
  }
  return u7 ? static_cast<int>(rng() % 8) : static_cast<int>(rng() % 401) - 200;
}

Result<InputPair> MakeInput(const nn::TensorInfo& info, int height, int width, int style,
                            std::mt19937_64& rng) {
  InputPair pair;
  FURL_ASSIGN_OR_RETURN(pair.runtime,
                        nn::Tensor::Create(info.format, height, width, info.channels));
  pair.simulated = torch::empty({1, info.channels, height, width}, torch::kFloat64);
  auto to = pair.simulated.accessor<double, 4>();
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < info.channels; ++c) {
        const int value = RandomValue(info.format, style, rng);
        to[0][c][y][x] = value;
        if (info.format == nn::Format::kU7) {
          pair.runtime.U7(y, x)[c] = static_cast<uint8_t>(value);
        } else {
          pair.runtime.S16(y, x)[c] = static_cast<int16_t>(value);
        }
      }
    }
  }
  return pair;
}

Status CompareOutput(const std::string& name, const nn::Tensor& runtime, const Tensor& simulated) {
  if (simulated.size(1) != runtime.channels() || simulated.size(2) != runtime.height() ||
      simulated.size(3) != runtime.width()) {
    return {StatusCode::kVerifyFailed, name + ": shapes differ"};
  }
  const auto expected = simulated.contiguous();
  const auto from = expected.accessor<double, 4>();
  for (int y = 0; y < runtime.height(); ++y) {
    for (int x = 0; x < runtime.width(); ++x) {
      for (int c = 0; c < runtime.channels(); ++c) {
        const int value =
            runtime.format() == nn::Format::kU7 ? runtime.U7(y, x)[c] : runtime.S16(y, x)[c];
        if (value == from[0][c][y][x]) continue;
        return {StatusCode::kVerifyFailed, name + " at y " + std::to_string(y) + " x " +
                                               std::to_string(x) + " c " + std::to_string(c) +
                                               ": runtime " + std::to_string(value) +
                                               ", simulated " + std::to_string(from[0][c][y][x])};
      }
    }
  }
  return OkStatus();
}

// The architecture and the integers as the model file holds them.
Result<Architecture> ReadBack(const TensorFile& file, IntegerConvs& convs) {
  auto json = nlohmann::json::parse(file.metadata.at("graphs"));
  json["family"] = file.metadata.at("family");
  json["name"] = file.metadata.at("name");
  FURL_ASSIGN_OR_RETURN(Architecture arch, ParseArchitecture(json.dump()));
  for (const auto& [graph_name, graph] : arch.graphs) {
    for (const ArchNode& node : graph.nodes) {
      if (!node.IsConv()) continue;
      IntegerConv& conv = convs[node.name];
      conv.shift = node.shift;
      conv.weight = Values<int8_t>(file, node.name + ".weight");
      conv.bias = Values<int32_t>(file, node.name + ".bias");
      conv.bias_rows = static_cast<int>(conv.bias.size()) / node.channels;
      if (conv.bias_rows == nn::kBiasKnots) {
        conv.bias = nn::ExpandBiasKnots(conv.bias);
        conv.bias_rows = nn::kBiasRows;
      }
      conv.mult = Values<int16_t>(file, node.name + ".mult");
    }
  }
  return arch;
}

}  // namespace

Status CompareGraph(const model::Model& model, const Architecture& arch, const IntegerConvs& convs,
                    const std::string& name, int h, int w, int qp, uint64_t seed) {
  const auto graph = model.graph(name);
  if (graph == nullptr) return {StatusCode::kVerifyFailed, "model lacks " + name};
  FURL_ASSIGN_OR_RETURN(std::shared_ptr<const nn::Plan> plan, nn::Plan::Create(graph));
  FURL_ASSIGN_OR_RETURN(const auto state, nn::PlanState::Create(plan, h, w));
  std::mt19937_64 rng(seed);
  std::vector<InputPair> pairs;
  TensorMap simulated_inputs;
  for (const int index : graph->inputs) {
    const nn::TensorInfo& info = graph->tensors[index];
    FURL_ASSIGN_OR_RETURN(InputPair pair,
                          MakeInput(info, state->TensorHeight(info), state->TensorWidth(info),
                                    static_cast<int>(seed % 3), rng));
    simulated_inputs[info.name] = pair.simulated;
    pairs.push_back(std::move(pair));
  }
  std::vector<const nn::Tensor*> inputs;
  for (const InputPair& pair : pairs) inputs.push_back(&pair.runtime);
  std::vector<nn::Tensor> results(graph->outputs.size());
  std::vector<nn::Tensor*> outputs;
  for (nn::Tensor& result : results) outputs.push_back(&result);
  FURL_RETURN_IF_ERROR(state->Run(qp, inputs, outputs, nullptr));
  const auto expected = RunInteger(arch.graph(name), convs, simulated_inputs, qp, h, w);
  for (size_t i = 0; i < results.size(); ++i) {
    const std::string& output = graph->tensors[graph->outputs[i]].name;
    FURL_RETURN_IF_ERROR(CompareOutput(name + "/" + output, results[i], expected.at(output)));
  }
  return OkStatus();
}

Status CheckParity(const std::string& model_path) {
  FURL_ASSIGN_OR_RETURN(const TensorFile file, ReadTensorFile(model_path));
  IntegerConvs convs;
  FURL_ASSIGN_OR_RETURN(const Architecture arch, ReadBack(file, convs));
  FURL_ASSIGN_OR_RETURN(const model::ModelPtr model, model::LoadModel(model_path));
  uint64_t seed = 0;
  for (const auto& [name, graph] : arch.graphs) {
    for (const auto& size : kSizes) {
      const int qp = static_cast<int>(seed * 13 % kNumQps);
      FURL_RETURN_IF_ERROR(CompareGraph(*model, arch, convs, name, size[0], size[1], qp, seed++));
    }
  }
  return OkStatus();
}

}  // namespace furl::train
