#include "support/squeeze_model.h"

#include <algorithm>
#include <array>
#include <bit>
#include <random>
#include <string>

#include "codec/families/squeeze/prior.h"
#include "model/safetensors.h"
#include "support/conv_tensors.h"
#include "support/graph_set.h"
#include "support/graph_writer.h"
#include "support/hadamard.h"
#include "support/transform_tensors.h"

namespace furl::test {
namespace {

using model::DType;
using squeeze::kContexts;
using squeeze::kDepthContexts;
using squeeze::kGroups;
using squeeze::kLow;
using squeeze::kNeighbours;
using squeeze::kQpBands;
using squeeze::kQpKnots;

constexpr int kPacked = 96;
constexpr int kPerQuarter = kTinyBottleneck / 4;
constexpr int kChannels = kTinyBottleneck + kTinyDetail;

void Fire(GraphWriter* graph, const std::string& in, const std::string& out) {
  graph->Conv(out + "_squeeze", {in}, out + "_s", 16, 1, "relu", "conv", true);
  graph->Conv(out + "_one", {out + "_s"}, out + "_1", 16, 1, "relu");
  graph->Conv(out + "_three", {out + "_s"}, out + "_3", 16, 3, "relu");
  graph->Node("concat", {out + "_1", out + "_3"}, out);
}

void Feature(GraphWriter* graph, const std::string& in, const std::string& out) {
  graph->Conv(out + "_in", {in}, out + "_s16", 16, 1, "s16", "conv16");
  graph->Node("quant", {out + "_s16"}, out, ", \"shift\": 4");
}

std::string Analysis(const std::string& part) {
  GraphWriter graph(part + ".analysis");
  graph.OfEncoder();
  graph.Input("residual", "s16", kPacked, 8);
  graph.Input("pred", "s16", kPacked, 8);
  graph.Node("lap", {"residual"}, "lapped");
  graph.Conv("low", {"lapped"}, "low", kPerQuarter, 1, "s16", "conv16");
  graph.Conv("detail", {"lapped"}, "detail_linear", kTinyDetail, 1, "s16", "conv16");
  graph.Node("space_to_depth", {"low"}, "packed");
  graph.Conv("tile", {"packed"}, "latent_linear", kTinyBottleneck, 1, "s16", "conv16");
  Feature(&graph, "pred", "pred_u7");
  graph.Node("max_pool", {"pred_u7"}, "pooled");
  graph.Conv("out", {"pooled", "latent_linear"}, "latent", kTinyBottleneck, 1, "add");
  graph.Conv("detail_out", {"pred_u7", "detail_linear"}, "detail", kTinyDetail, 1, "add");
  graph.Output("latent");
  graph.Output("detail");
  return graph.Text();
}

std::string Synthesis(const std::string& part) {
  GraphWriter graph(part + ".synthesis");
  graph.Input("latent", "s16", kTinyBottleneck, 16);
  graph.Input("detail", "s16", kTinyDetail, 8);
  graph.Input("pred", "s16", kPacked, 8);
  graph.Conv("tile", {"latent"}, "low16", kTinyBottleneck, 1, "s16", "conv16");
  graph.Node("depth_to_space", {"low16"}, "low");
  graph.Node("concat", {"low", "detail"}, "joined");
  graph.Conv("block", {"joined"}, "lapped", kPacked, 1, "s16", "conv16");
  graph.Node("lap", {"lapped"}, "linear");
  graph.Node("add", {"linear", "pred"}, "base");
  Feature(&graph, "base", "picture");
  Fire(&graph, "picture", "fire0");
  graph.Node("max_pool", {"fire0"}, "pooled");
  Fire(&graph, "pooled", "fire1");
  graph.Conv("transposed", {"fire1"}, "transposed16", 64, 1, "relu");
  graph.Node("depth_to_space", {"transposed16"}, "transposed8");
  graph.Node("upsample", {"fire1_s"}, "near");
  graph.Node("concat", {"transposed8", "near", "fire0"}, "merged");
  graph.Conv("out", {"merged", "base"}, "recon", kPacked, 1, "add");
  graph.Output("recon");
  return graph.Text();
}

class SqueezeModelMaker {
 public:
  std::vector<uint8_t> Make() {
    std::string text;
    for (const std::string part : {"intra", "inter"}) {
      text += (text.empty() ? "" : ",") + Analysis(part) + "," + Synthesis(part);
    }
    GraphSet graphs("squeeze", text);
    graphs.ForEachNode(
        [this](const nn::Graph& graph, bool qp, nn::Node* node) { Fill(graph, qp, node); });
    for (const std::string part : {"intra", "inter"}) {
      AddFrameSteps(part, &writer_);
      AddSymbolTables(part, random_, &writer_);
      AddLoopFilter(part, random_, &writer_);
      AddPrior(part);
    }
    return graphs.Write(writer_);
  }

 private:
  void Fill(const nn::Graph& graph, bool qp, nn::Node* node) {
    const bool synthesis = graph.name.ends_with("synthesis");
    const auto is = [&](const char* suffix) { return node->name.ends_with(suffix); };
    if (node->op == nn::Op::kLap) {
      AddLap(node->name, synthesis, &writer_);
    } else if (is(".tile")) {
      AddMatrix(graph, node, &writer_, synthesis ? 5 : 7, [&](int o, int i) {
        return synthesis ? HadamardTile(i, o, kPerQuarter, kPerQuarter)
                         : HadamardTile(o, i, kPerQuarter, kPerQuarter);
      });
    } else if (is(".block")) {
      AddMatrix(graph, node, &writer_, 5, [](int o, int i) { return HadamardBlock(i, o); });
    } else if (is(".low") || is(".detail")) {
      const int first = is(".low") ? 0 : kPerQuarter;
      AddMatrix(graph, node, &writer_, 9,
                [&](int o, int i) { return HadamardBlock(first + o, i); });
    } else if (node->op == nn::Op::kConv || node->op == nn::Op::kConv16) {
      AddRandomConv(graph, qp, random_, node, &writer_);
    }
  }

  // Scales fall with frequency and QP, and rise with depth and neighbours.
  void AddPrior(const std::string& part) {
    std::vector<uint8_t> scales;
    for (int knot = 0; knot < kQpKnots; ++knot) {
      for (int c = 0; c < kChannels; ++c) {
        const int frequency = c < kTinyBottleneck ? c : 2 * (c - kTinyBottleneck) + kPerQuarter;
        const int top = part == "inter" ? 74 : 94;
        const int value = top - 5 * std::bit_width(static_cast<unsigned>(1 + frequency)) -
                          8 * knot + Uniform(random_, -2, 2);
        scales.push_back(static_cast<uint8_t>(std::clamp(value, 0, 127)));
      }
    }
    writer_.Add(part + ".scales", DType::kU8, {kQpKnots, kChannels}, scales);
    std::vector<int8_t> shifts;
    for (int i = 0; i < kQpBands * kGroups * kGroups * kContexts; ++i) {
      const int context = i % kContexts;
      const int depth = i / kContexts % kGroups;
      shifts.push_back(static_cast<int8_t>(3 * context + 3 * depth - 16 + Uniform(random_, -2, 2)));
    }
    writer_.Add(part + ".shifts", DType::kI8, {kQpBands, kGroups, kGroups, kContexts}, shifts);
    std::vector<uint16_t> depths(kQpBands * kDepthContexts * kGroups);
    for (uint16_t& p : depths) p = static_cast<uint16_t>(Uniform(random_, 20000, 50000));
    writer_.Add(part + ".depths", DType::kU16, {kQpBands, kDepthContexts, kGroups}, depths);
    std::vector<int8_t> low;
    constexpr int kOwn[kNeighbours] = {40, 44, -12, 8};
    for (int i = 0; i < kLow * kNeighbours * kLow; ++i) {
      const bool own = i % kLow == i / (kNeighbours * kLow);
      low.push_back(
          static_cast<int8_t>(own ? kOwn[i / kLow % kNeighbours] : Uniform(random_, -2, 2)));
    }
    writer_.Add(part + ".low", DType::kI8, {kLow, kNeighbours, kLow}, low);
  }

  std::mt19937 random_{3};
  TensorWriter writer_;
};

}  // namespace

std::vector<uint8_t> MakeSqueezeModelFile() { return SqueezeModelMaker().Make(); }

Result<model::ModelPtr> MakeSqueezeModel() { return model::Model::Parse(MakeSqueezeModelFile()); }

}  // namespace furl::test
