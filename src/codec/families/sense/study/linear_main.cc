// furl-sense-linear: how far the sense family's decoder is above linear reconstruction from the
// same measurements (docs/sense.md). A tool of its developers; nothing of it is installed.

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/thread_pool.h"
#include "codec/families/sense/encode/sense_encoder.h"
#include "codec/families/sense/sense_family.h"
#include "codec/families/sense/study/comparison.h"
#include "eval/clip.h"
#include "image/coding_scales.h"
#include "model/model_file.h"

namespace furl::sense {
namespace {

constexpr size_t kMaxPriorBytes = size_t{1} << 20;

struct Options {
  std::vector<std::string> clips;
  std::string output, prior, model;
  std::vector<int> qps = {10, 22, 34, 46, 58};
  int frames = 8;
};

Result<eval::Clip> LoadClip(const std::string& path, const Options& options) {
  eval::ClipOptions clip;
  clip.frames = options.frames;
  return eval::LoadClip(path, clip);
}

Status Fit(const Options& options) {
  PriorFit fit;
  for (const std::string& path : options.clips) {
    FURL_ASSIGN_OR_RETURN(const eval::Clip clip, LoadClip(path, options));
    for (size_t t = 1; t < clip.frames.size(); ++t) fit.Add(*clip.frames[t - 1], *clip.frames[t]);
  }
  FURL_ASSIGN_OR_RETURN(const BlockPrior prior, fit.Finish());
  const std::string text = WritePrior(prior);
  return WriteFile(options.output, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

// A line of JSON.
void Print(const eval::Clip& clip, const Comparison& comparison) {
  nlohmann::ordered_json line;
  const double pixels = static_cast<double>(clip.width) * clip.height * comparison.frames;
  line["clip"] = clip.name;
  line["qp"] = comparison.qp;
  line["measured"] = static_cast<double>(comparison.luma_rows) / kLumaSamples;
  line["frames"] = comparison.frames;
  line["bytes"] = comparison.bytes;
  line["bpp"] = 8 * static_cast<double>(comparison.bytes) / pixels;
  for (int rival = 0; rival < kRivals; ++rival) {
    line["psnr"][kRivalNames[rival]] = comparison.psnr[rival];
    line["key_psnr"][kRivalNames[rival]] = comparison.key_psnr[rival];
  }
  std::printf("%s\n", line.dump().c_str());
  std::fflush(stdout);
}

Result<BlockPrior> LoadPrior(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(const std::vector<uint8_t> bytes, ReadFile(path, kMaxPriorBytes));
  Result<BlockPrior> prior = ParsePrior(std::string(bytes.begin(), bytes.end()));
  if (!prior.ok()) return prior.status().WithContext(path);
  return prior;
}

Status CompareClips(const Options& options) {
  FURL_ASSIGN_OR_RETURN(const BlockPrior prior, LoadPrior(options.prior));
  FURL_ASSIGN_OR_RETURN(model::ModelPtr model, model::LoadModel(options.model));
  if (model->family() != "sense") return InvalidArgument(options.model + ": not of sense");
  FURL_ASSIGN_OR_RETURN(FamilyPtr family, CreateFamily(std::move(model)));
  FURL_ASSIGN_OR_RETURN(const FamilyEncoderPtr encoder, CreateEncoder(std::move(family)));
  ThreadPool pool(PoolThreads(0));
  for (const std::string& path : options.clips) {
    FURL_ASSIGN_OR_RETURN(const eval::Clip clip, LoadClip(path, options));
    for (const int qp : options.qps) {
      FURL_ASSIGN_OR_RETURN(const Comparison comparison,
                            Compare(clip.frames, qp, *encoder, prior, &pool));
      Print(clip, comparison);
    }
  }
  return OkStatus();
}

void AddClips(CLI::App* command, Options* options) {
  command->add_option("clips", options->clips, "Videos")->required();
  command->add_option("--frames", options->frames, "First frames of each clip")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app("The sense family beside linear reconstruction from the same measurements");
  app.require_subcommand(1);
  CLI::App* const fit = app.add_subcommand("fit", "Learn from training clips how blocks are");
  AddClips(fit, &options);
  fit->add_option("-o,--output", options.output, "JSON file")->required();
  CLI::App* const compare = app.add_subcommand("compare", "Print a JSON line per clip and QP");
  AddClips(compare, &options);
  compare->add_option("--prior", options.prior, "What fit wrote")->required();
  compare->add_option("--model", options.model, "Model of the decoder")->required();
  compare->add_option("--qp", options.qps, "QPs, which set the ratio of measurements")
      ->delimiter(',')
      ->check(CLI::Range(kMinQp, kMaxQp))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const Status status = fit->parsed() ? Fit(options) : CompareClips(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "furl-sense-linear: %s\n", status.message().c_str());
  return 1;
}

}  // namespace
}  // namespace furl::sense

int main(int argc, char** argv) { return furl::sense::Main(argc, argv); }
