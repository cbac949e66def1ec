#include "support/vq_model.h"

#include <random>
#include <string>

#include "codec/families/vq/grid.h"
#include "model/safetensors.h"
#include "support/conv_tensors.h"
#include "support/graph_set.h"
#include "support/graph_writer.h"
#include "support/hadamard.h"
#include "support/transform_tensors.h"

namespace furl::test {
namespace {

constexpr int kPacked = 96;
constexpr int kBottom = 48;      // latents of a packed position
constexpr int kPerQuarter = 16;  // of them, which the top latents are made of
constexpr int kTop = 4 * kPerQuarter;
constexpr int kEntries = 32;
constexpr int kTopStages = 3;
constexpr int kBottomStages = 2;
constexpr int kFeatures = 16;

int Slices(int width) { return static_cast<int>(vq::SliceEndsOf(width).size()); }

std::string Analysis(const std::string& part) {
  GraphWriter graph(part + ".analysis");
  graph.OfEncoder();
  graph.Input("residual", "s16", kPacked, 8);
  graph.Input("pred", "s16", kPacked, 8);
  graph.Node("lap", {"residual"}, "lapped");
  graph.Conv("bottom", {"lapped"}, "bottom_linear", kBottom, 1, "s16", "conv16");
  graph.Node("space_to_depth", {"bottom_linear"}, "packed");
  graph.Conv("top", {"packed"}, "top", kTop, 1, "s16", "conv16");
  graph.Node("quant", {"pred"}, "pred_u7", ", \"shift\": 5");
  graph.Conv("add", {"pred_u7", "bottom_linear"}, "bottom", kBottom, 1, "add");
  graph.Output("top");
  graph.Output("bottom");
  return graph.Text();
}

std::string Features(const std::string& part) {
  GraphWriter graph(part + ".features");
  graph.Input("pred", "s16", kPacked, 8);
  if (part == "inter") graph.Input("diff", "u7", kPacked, 8);
  graph.Node("quant", {"pred"}, "pred_u7", ", \"shift\": 5");
  std::string seen = "pred_u7";
  if (part == "inter") {
    graph.Node("concat", {"pred_u7", "diff"}, "both");
    seen = "both";
  }
  graph.Conv("bottom", {seen}, "bottom_features", kFeatures, 3, "relu", "conv", true);
  graph.Node("max_pool", {"bottom_features"}, "pooled");
  graph.Conv("top", {"pooled"}, "top_features", kFeatures, 1, "relu");
  graph.Output("top_features");
  graph.Output("bottom_features");
  return graph.Text();
}

std::string Prior(const std::string& part, bool top, int stage, int phase) {
  GraphWriter graph(part + (top ? ".top_prior_" : ".bottom_prior_") + std::to_string(stage) + "_" +
                    std::to_string(phase));
  const int scale = top ? 16 : 8;
  const int width = top ? kTop : kBottom;
  graph.Input("features", "u7", kFeatures, scale);
  graph.Input("latent", "s16", width, scale);
  graph.Input("levels", "u7", width, scale);
  graph.Conv("latents", {"latent"}, "latents_s16", 16, 1, "s16", "conv16");
  graph.Node("quant", {"latents_s16"}, "latents_u7", ", \"shift\": 3");
  graph.Node("concat", {"features", "latents_u7", "levels"}, "joined");
  graph.Conv("hidden", {"joined"}, "hidden", 16, 3, "relu", "conv", true);
  graph.Conv("entries", {"hidden"}, "entries", Slices(width) * kEntries, 1, "s16", "conv", true);
  graph.Conv("significance", {"hidden"}, "significance", 16, 1, "s16", "conv", true);
  graph.Output("entries");
  graph.Output("significance");
  if (stage == 0) {
    graph.Conv("offset", {"hidden"}, "offset", width, 1, "s16");
    graph.Output("offset");
  }
  return graph.Text();
}

std::string Expand(const std::string& part) {
  GraphWriter graph(part + ".expand");
  graph.Input("top", "s16", kTop, 16);
  graph.Conv("tile", {"top"}, "tile16", 4 * kBottom, 1, "s16", "conv16");
  graph.Node("depth_to_space", {"tile16"}, "base");
  graph.Output("base");
  return graph.Text();
}

std::string Synthesis(const std::string& part) {
  GraphWriter graph(part + ".synthesis");
  graph.Input("top", "s16", kTop, 16);
  graph.Input("bottom", "s16", kBottom, 8);
  graph.Input("pred", "s16", kPacked, 8);
  graph.Conv("block", {"bottom"}, "lapped", kPacked, 1, "s16", "conv16");
  graph.Node("lap", {"lapped"}, "linear");
  graph.Node("add", {"linear", "pred"}, "base");
  graph.Conv("latents", {"top"}, "latents_s16", 16, 1, "s16", "conv16");
  graph.Node("quant", {"latents_s16"}, "latents_u7", ", \"shift\": 3");
  graph.Node("upsample", {"latents_u7"}, "near");
  graph.Conv("out", {"near", "base"}, "recon", kPacked, 3, "add");
  graph.Output("recon");
  return graph.Text();
}

std::string Graphs(const std::string& part) {
  std::string text =
      Analysis(part) + "," + Features(part) + "," + Expand(part) + "," + Synthesis(part);
  for (const bool top : {true, false}) {
    for (int stage = 0; stage < (top ? kTopStages : kBottomStages); ++stage) {
      for (int phase = 0; phase < vq::PhasesOf(top); ++phase) {
        text += "," + Prior(part, top, stage, phase);
      }
    }
  }
  return text;
}

class VqModelMaker {
 public:
  std::vector<uint8_t> Make() {
    GraphSet graphs("vq", Graphs("intra") + "," + Graphs("inter"));
    graphs.ForEachNode(
        [this](const nn::Graph& graph, bool qp, nn::Node* node) { Fill(graph, qp, node); });
    for (const std::string part : {"intra", "inter"}) {
      AddLoopFilter(part, random_, &writer_);
      AddCodebooks(part + ".top", kTopStages, kTop);
      AddCodebooks(part + ".bottom", kBottomStages, kBottom);
    }
    return graphs.Write(writer_);
  }

 private:
  void Fill(const nn::Graph& graph, bool qp, nn::Node* node) {
    const auto is = [&](const char* suffix) { return node->name.ends_with(suffix); };
    if (node->op == nn::Op::kLap) {
      AddLap(node->name, graph.name.ends_with("synthesis"), &writer_);
    } else if (is("analysis.top")) {
      AddMatrix(graph, node, &writer_, 7,
                [](int o, int i) { return HadamardTile(o, i, kPerQuarter, kBottom); });
    } else if (is("expand.tile")) {
      AddMatrix(graph, node, &writer_, 5,
                [](int o, int i) { return HadamardTile(i, o, kPerQuarter, kBottom); });
    } else if (is("analysis.bottom")) {
      AddMatrix(graph, node, &writer_, 9, [](int o, int i) { return HadamardBlock(o, i); });
    } else if (is("synthesis.block")) {
      AddMatrix(graph, node, &writer_, 5, [](int o, int i) { return HadamardBlock(i, o); });
    } else if (node->op == nn::Op::kConv || node->op == nn::Op::kConv16) {
      AddRandomConv(graph, qp, random_, node, &writer_);
    }
  }

  // Entries are mainly one of a slice's numbers, up or down, of some sizes, smaller from stage to
  // stage.
  void AddCodebooks(const std::string& name, int stages, int width) {
    std::vector<int16_t> numbers;
    std::vector<int16_t> contexts;
    for (int stage = 0; stage < stages; ++stage) {
      for (int entry = 0; entry < kEntries; ++entry) {
        int begin = 0;
        for (const int end : vq::SliceEndsOf(width)) {
          const int size = (entry < kEntries / 2 ? 600 : 40) >> (2 * stage);
          for (int i = begin; i < end; ++i) {
            const bool main = entry / 2 % (end - begin) == i - begin;
            numbers.push_back(static_cast<int16_t>(Uniform(random_, -3, 3) +
                                                   (main ? entry % 2 == 0 ? size : -size : 0)));
          }
          begin = end;
        }
      }
      for (int i = 0; i < Slices(width) * vq::kContexts; ++i) {
        contexts.push_back(static_cast<int16_t>(300 * (i % vq::kContexts) - 400));
      }
    }
    writer_.Add(name + "_codebooks", model::DType::kI16, {stages, kEntries, width}, numbers);
    writer_.Add(name + "_contexts", model::DType::kI16, {stages, Slices(width), vq::kContexts},
                contexts);
  }

  std::mt19937 random_{6};
  TensorWriter writer_;
};

}  // namespace

std::vector<uint8_t> MakeVqModelFile() { return VqModelMaker().Make(); }

Result<model::ModelPtr> MakeVqModel() { return model::Model::Parse(MakeVqModelFile()); }

}  // namespace furl::test
