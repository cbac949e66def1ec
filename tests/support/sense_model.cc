#include "support/sense_model.h"

#include <random>
#include <string>

#include "codec/families/sense/block_transform.h"
#include "codec/families/sense/measurement_plan.h"
#include "model/safetensors.h"
#include "support/conv_tensors.h"
#include "support/graph_set.h"
#include "support/graph_writer.h"
#include "support/transform_tensors.h"

namespace furl::test {
namespace {

using model::DType;
using sense::kMostChroma;
using sense::kMostLuma;
using sense::kMostRows;

constexpr int kWidth = 32;  // of what is remembered

// A hard sigmoid of what is seen.
void Gate(GraphWriter* graph, const std::string& name) {
  graph->Conv(name + "_in", {"seen"}, name + "_s16", kWidth, 1, "s16");
  graph->Node("quant", {name + "_s16"}, name, ", \"shift\": 3");
}

std::string Posterior() {
  GraphWriter graph("video.posterior");
  graph.Input("measured", "s16", kMostRows, 16);
  graph.Input("mask", "u7", kMostRows, 16);
  graph.Input("hidden", "u7", kWidth, 16);
  graph.Input("cell", "s16", kWidth, 16);
  graph.Input("rows", "s16", kMostRows, 16);
  graph.Node("quant", {"measured"}, "magnitudes", ", \"shift\": 6");
  graph.Node("concat", {"magnitudes", "mask", "hidden"}, "known");
  graph.Conv("see", {"known"}, "seen", kWidth, 3, "relu", "conv", true);
  for (const char* name : {"keep", "take", "show"}) Gate(&graph, name);
  graph.Conv("news", {"seen"}, "news", kWidth, 1, "s16");
  graph.Node("gate", {"cell", "keep"}, "kept");
  graph.Node("gate", {"news", "take"}, "taken");
  graph.Node("add", {"kept", "taken"}, "cell_out");
  graph.Node("gate", {"cell_out", "show"}, "shown");
  graph.Node("quant", {"shown"}, "hidden_out", ", \"shift\": 2");
  graph.Conv("mean", {"hidden_out"}, "mean", 16, 1, "s16");
  graph.Conv("absent", {"mask"}, "absent", kMostRows, 1, "relu");
  graph.Node("gate", {"rows", "absent"}, "filled");
  graph.Node("add", {"measured", "filled"}, "rows_out");
  for (const char* name : {"mean", "hidden_out", "cell_out", "rows_out"}) graph.Output(name);
  return graph.Text();
}

std::string Synthesis() {
  GraphWriter graph("video.synthesis");
  graph.Input("latent", "s16", 16, 16);
  graph.Input("rows", "s16", kMostRows, 16);
  graph.Input("pred", "s16", 96, 8);
  graph.Conv("inverse", {"rows"}, "blocks", 384, 1, "s16", "conv16");
  graph.Node("depth_to_space", {"blocks"}, "linear");
  graph.Node("add", {"linear", "pred"}, "base");
  graph.Node("quant", {"latent"}, "coarse", ", \"shift\": 2");
  graph.Conv("fine", {"coarse"}, "fine16", 64, 1, "relu");
  graph.Node("depth_to_space", {"fine16"}, "fine8");
  graph.Conv("out", {"fine8", "base"}, "recon", 96, 3, "add");
  graph.Output("recon");
  return graph.Text();
}

// What measurement `row` says of input `to` of a block in the order of packed samples: +32 or -32
// of luma, twice that of chroma, which has a quarter of the samples in the same scale.
int Inverse(int row, int plane, int x, int y) {
  const int first[3] = {0, kMostLuma, kMostLuma + kMostChroma};
  const int count = plane == 0 ? kMostLuma : kMostChroma;
  if (row < first[plane] || row >= first[plane] + count) return 0;
  return (plane == 0 ? 32 : 64) * sense::MatrixEntry(plane == 0 ? 16 : 8, row - first[plane], x, y);
}

class SenseModelMaker {
 public:
  std::vector<uint8_t> Make() {
    GraphSet graphs("sense", Posterior() + "," + Synthesis());
    graphs.ForEachNode(
        [this](const nn::Graph& graph, bool qp, nn::Node* node) { Fill(graph, qp, node); });
    return graphs.Write(writer_);
  }

 private:
  void Fill(const nn::Graph& graph, bool qp, nn::Node* node) {
    if (node->name.ends_with(".inverse")) {
      FillInverse(node);
    } else if (node->name.ends_with(".absent")) {
      FillAbsent(node);
    } else if (node->op == nn::Op::kConv) {
      AddRandomConv(graph, qp, random_, node, &writer_);
    }
  }

  void FillInverse(nn::Node* node) {
    std::vector<int8_t> weights(static_cast<size_t>(kInputs) * kMostRows);
    for (int plane = 0; plane < 3; ++plane) {
      const int side = plane == 0 ? 8 : 4;  // within one packed position
      for (int y = 0; y < 2 * side; ++y) {
        for (int x = 0; x < 2 * side; ++x) {
          const int to = InputIndex(plane, side, x, y);
          for (int row = 0; row < kMostRows; ++row) {
            weights[to * kMostRows + row] = static_cast<int8_t>(Inverse(row, plane, x, y));
          }
        }
      }
    }
    node->shift = 6;
    AddConv(*node, kMostRows, kInputs, weights, std::vector<int32_t>(kInputs), 16384, &writer_);
  }

  // 127 where the mask is 0, 0 where it is 64: rows that were not measured stay as they were.
  void FillAbsent(nn::Node* node) {
    std::vector<int8_t> weights(static_cast<size_t>(kMostRows) * kMostRows);
    for (int row = 0; row < kMostRows; ++row) weights[row * kMostRows + row] = -127;
    node->shift = 6;
    AddConv(*node, kMostRows, kMostRows, weights, std::vector<int32_t>(kMostRows, 127 << 6), 32767,
            &writer_);
  }

  std::mt19937 random_{4};
  TensorWriter writer_;
};

}  // namespace

std::vector<uint8_t> MakeSenseModelFile() { return SenseModelMaker().Make(); }

Result<model::ModelPtr> MakeSenseModel() { return model::Model::Parse(MakeSenseModelFile()); }

}  // namespace furl::test
