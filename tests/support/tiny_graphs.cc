#include "support/tiny_graphs.h"

#include <vector>

#include "support/graph_writer.h"

namespace furl::test {
namespace {

constexpr std::array<int, 9> kCounts = {16, 16, 16, 32, 32, 64, 64, 128, 144};

std::string Analysis(const std::string& part) {
  GraphWriter graph(part + ".analysis");
  graph.OfEncoder();
  graph.Input("residual", "s16", 96, 8);
  graph.Node("lap", {"residual"}, "lapped");
  graph.Node("space_to_depth", {"lapped"}, "packed");
  graph.Conv("dct", {"packed"}, "latent", 384, 1, "s16", "conv16");
  graph.Output("latent");
  return graph.Text();
}

std::string Synthesis(const std::string& part) {
  GraphWriter graph(part + ".synthesis");
  graph.Input("latent", "s16", 384, 16);
  graph.Input("pred", "s16", 96, 8);
  graph.Conv("dct", {"latent"}, "packed", 384, 1, "s16", "conv16");
  graph.Node("depth_to_space", {"packed"}, "lapped");
  graph.Node("lap", {"lapped"}, "linear");
  graph.Node("add", {"linear", "pred"}, "recon");
  graph.Output("recon");
  return graph.Text();
}

std::string HyperAnalysis(const std::string& part) {
  GraphWriter graph(part + ".hyper_analysis");
  graph.OfEncoder();
  graph.Input("symbols", "u7", 448, 16);
  graph.Conv("h0", {"symbols"}, "h0", 16, 1, "relu");
  graph.Node("space_to_depth", {"h0"}, "d0");
  graph.Conv("h1", {"d0"}, "h1", 16, 1, "relu");
  graph.Node("space_to_depth", {"h1"}, "d1");
  graph.Conv("z", {"d1"}, "z", 32, 1, "s16");
  graph.Output("z");
  return graph.Text();
}

std::string PriorInit(const std::string& part) {
  const bool inter = part == "inter";
  GraphWriter graph(part + ".prior_init");
  graph.Input("z", "u7", 64, 64);
  if (inter) {
    graph.Input("pred", "u7", 96, 8);
    graph.Input("diff", "u7", 96, 8);
  }
  graph.Conv("h0", {"z"}, "h0", 64, 1, "relu");
  graph.Node("depth_to_space", {"h0"}, "d0");
  graph.Conv("h1", {"d0"}, "h1", 64, 1, "relu");
  graph.Node("depth_to_space", {"h1"}, "d1");
  graph.Node("crop", {"d1"}, "cropped", ", \"scale\": 16");
  graph.Conv("trunk", {"cropped"}, inter ? "trunk_z" : "trunk", 64, 3, "s16");
  if (inter) {
    graph.Node("space_to_depth", {"pred"}, "pred16");
    graph.Conv("pred", {"pred16"}, "pred_features", 16, 1, "relu");
    graph.Node("space_to_depth", {"diff"}, "diff16");
    graph.Conv("diff", {"diff16"}, "diff_features", 16, 1, "relu");
    graph.Node("concat", {"pred_features", "diff_features"}, "side");
    graph.Conv("joined", {"side", "trunk_z"}, "trunk", 64, 1, "add");
  }
  graph.Output("trunk");
  return graph.Text();
}

std::string Prior(const std::string& part, int pass) {
  const bool predicted = pass >= 1 && pass <= 4;
  GraphWriter graph(part + ".prior_" + std::to_string(pass));
  graph.Input("trunk_in", "s16", 64, 16);
  if (pass > 0) {
    graph.Input("context", "u7", 2 * kCounts[pass - 1], 16);
    if (predicted) graph.Input("low", "s16", 16, 16);
    graph.Conv("context", {"context", "trunk_in"}, "trunk", 64, predicted ? 3 : 1, "add");
    graph.Output("trunk");
  }
  graph.Node("quant", {pass > 0 ? "trunk" : "trunk_in"}, "features", ", \"shift\": 3");
  graph.Conv("scale", {"features"}, "scale", kCounts[pass], 1, "relu", "conv", true);
  graph.Conv("mean", {"features"}, "mean", kCounts[pass], 1, "s16");
  graph.Output("scale");
  graph.Output("mean");
  if (predicted) {
    graph.Conv("offset", {"low"}, "offset", kCounts[pass], 3, "s16", "conv16");
    graph.Output("offset");
  }
  return graph.Text();
}

}  // namespace

std::string TinyArchitecture() {
  std::vector<std::string> graphs;
  for (const std::string part : {"intra", "inter"}) {
    graphs.push_back(Analysis(part));
    graphs.push_back(HyperAnalysis(part));
    graphs.push_back(PriorInit(part));
    for (int pass = 0; pass < 9; ++pass) graphs.push_back(Prior(part, pass));
    graphs.push_back(Synthesis(part));
  }
  std::string text;
  for (const std::string& graph : graphs) text += (text.empty() ? "" : ",\n") + graph;
  return "{\"family\": " + Quoted(kTinyFamily) + ", \"name\": \"tiny-test\", \"graphs\": {" + text +
         "}}";
}

}  // namespace furl::test
