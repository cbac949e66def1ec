// furl-train-search: trains what the numbers of a look count for in furl search, on copies of
// videos.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "base/file.h"
#include "train/search/contrastive.h"
#include "train/search/look_files.h"

namespace furl::train {
namespace {

struct Options {
  std::vector<std::string> folders;
  std::string looks;
  std::string output;
  int threads = 2;
  int held_out = 5;
  ContrastiveOptions training;
};

Result<SceneLooks> LooksOf(const Options& options) {
  if (options.folders.empty()) return LoadLooks(options.looks);
  int done = 0;
  FURL_ASSIGN_OR_RETURN(const SceneLooks data,
                        ReadLooks(options.folders, options.threads, [&](const std::string&) {
                          std::fprintf(stderr, "\r%d videos", ++done);
                        }));
  std::fprintf(stderr, "\n");
  FURL_RETURN_IF_ERROR(SaveLooks(data, options.looks));
  return data;
}

// The source file that they are built in by.
std::string HeaderOf(const LookWeights& weights) {
  std::string text =
      "// What each number of a look counts for. Written by furl-train-search (docs/search.md).\n\n"
      "#ifndef FURL_ANALYSIS_LOOK_WEIGHTS_H_\n#define FURL_ANALYSIS_LOOK_WEIGHTS_H_\n\n"
      "#include <array>\n\nnamespace furl::analysis {\n\n"
      "inline constexpr std::array<float, 128> kLookWeights = {\n";
  for (size_t i = 0; i < weights.size(); ++i) {
    char number[32];
    std::snprintf(number, sizeof(number), "%.3ff,", static_cast<double>(weights[i]));
    text += (i % 12 == 0 ? "    " : " ") + std::string(number) + (i % 12 == 11 ? "\n" : "");
  }
  return text +
         "\n};\n\n}  // namespace furl::analysis\n\n#endif  // FURL_ANALYSIS_LOOK_WEIGHTS_H_\n";
}

Status Run(const Options& options) {
  FURL_ASSIGN_OR_RETURN(const SceneLooks data, LooksOf(options));
  const auto is_held_out = [&](int64_t scene) { return scene % options.held_out == 0; };
  SceneLooks kept;
  for (size_t i = 0; i < data.looks.size(); ++i) {
    if (is_held_out(data.scenes[i])) continue;
    kept.looks.push_back(data.looks[i]);
    kept.scenes.push_back(data.scenes[i]);
  }
  const auto tell = [&](const char* when, const LookWeights& weights) {
    const double trained = MeanPrecision(data, weights, std::not_fn(is_held_out));
    const double held_out = MeanPrecision(data, weights, is_held_out);
    std::printf("%s: mean average precision %.4f of scenes to train on, %.4f of held-out ones\n",
                when, trained, held_out);
  };
  LookWeights ones;
  ones.fill(1);
  tell("before", ones);
  FURL_ASSIGN_OR_RETURN(const LookWeights weights,
                        TrainWeights(kept, options.training, [](int step, double loss) {
                          if (step % 100 == 0) std::printf("step %d: loss %.4f\n", step, loss);
                        }));
  tell("trained", weights);
  const std::string text = HeaderOf(weights);
  return WriteFile(options.output, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

}  // namespace
}  // namespace furl::train

int main(int argc, char** argv) {
  furl::train::Options options;
  CLI::App app("Trains what the numbers of a look count for: docs/search.md, \"Training\".");
  app.add_option("folders", options.folders,
                 "Folders of videos and copies of them, which have the names of the originals; "
                 "without any the looks of an earlier run are taken");
  app.add_option("--looks", options.looks, "File for what the videos look like")->required();
  app.add_option("--output", options.output, "The header with the weights")->required();
  app.add_option("--threads", options.threads, "Of the encoder")->capture_default_str();
  app.add_option("--held-out", options.held_out, "Every so many scenes are only tested on")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  app.add_option("--steps", options.training.steps)->capture_default_str();
  app.add_option("--batch", options.training.batch, "Scenes")->capture_default_str();
  app.add_option("--rate", options.training.rate)->capture_default_str();
  app.add_option("--pull", options.training.pull, "Towards weights of 1")->capture_default_str();
  app.add_option("--seed", options.training.seed)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const furl::Status status = furl::train::Run(options);
  if (!status.ok()) std::fprintf(stderr, "furl-train-search: %s\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}
