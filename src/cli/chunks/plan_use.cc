#include "cli/chunks/plan_use.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "base/sha256.h"
#include "cli/chunks/input_size.h"
#include "cli/encode/run_encode.h"
#include "media/input_path.h"

namespace furl::cli {

void AddPlanPlaces(CLI::App* app, PlanOptions* o) {
  app->add_option("--chunks", o->chunks, "Folder of the coded chunks; by default PLAN.chunks");
  app->add_option("--input", o->input,
                  "Where the video is on this machine, a file or an address; by default where it "
                  "was when the plan was made");
}

std::string AbsoluteInput(const std::string& input) {
  return media::IsAddress(input) ? input : std::filesystem::absolute(input).string();
}

Words PlannedWords(const EncodeOptions& options) {
  Words words = *options.words;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const bool is_path = words[i] == "--model" && std::filesystem::exists(words[i + 1]);
    if (is_path) words[i + 1] = std::filesystem::absolute(words[i + 1]).string();
  }
  return words;
}

std::string ChunkFolder(const PlanOptions& options) {
  return options.chunks.empty() ? session::ChunkStore::FolderOf(options.plan) : options.chunks;
}

Result<OpenedPlan> OpenPlan(const PlanOptions& options, const EncodeOptions& machine) {
  FURL_ASSIGN_OR_RETURN(session::EncodePlan plan, session::ReadPlan(options.plan));
  auto encode = ParseEncodeWords(plan.options);
  if (!encode.ok()) {
    return Status(StatusCode::kInvalidStream,
                  options.plan + ": options: " + encode.status().message());
  }
  encode->crf = plan.crf;
  encode->threads = machine.threads;
  if (!machine.model.empty()) encode->model = machine.model;
  if (!machine.family.empty()) encode->family = machine.family;
  encode->sandbox = machine.sandbox;
  encode->input = options.input.empty() ? plan.input : options.input;
  if (options.input.empty() && media::IsAddress(plan.input)) {
    return InvalidArgument(options.plan + " is of a video with an address; --input " + plan.input +
                           " lets it be opened");
  }
  const int64_t bytes = InputBytes(encode->input);
  if (plan.input_bytes >= 0 && bytes >= 0 && bytes != plan.input_bytes) {
    return InvalidStream(fmt::format("{}: has {} bytes, and had {} when {} was made", encode->input,
                                     bytes, plan.input_bytes, options.plan));
  }
  return OpenedPlan{session::ChunkStore(plan, ChunkFolder(options)), std::move(*encode)};
}

Result<FamilyEncoderPtr> PlannedFamily(const OpenedPlan& opened) {
  FURL_ASSIGN_OR_RETURN(FamilyEncoderPtr family, EncodeFamily(opened.encode));
  const model::Model& model = family->family()->model();
  const session::EncodePlan& plan = opened.store.plan();
  if (ToHex(model.id()) == plan.model_id) return family;
  return Unsupported(
      fmt::format("the plan is for model {} ({}), and this is {} ({}); --model names "
                  "another",
                  plan.model_name, plan.model_id, model.name(), ToHex(model.id())));
}

}  // namespace furl::cli
