#include "cli/chunks/chunk_encode.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <sstream>
#include <utility>

#include "cli/encode/run_encode.h"
#include "cli/interrupt.h"
#include "session/chunks/code_chunk.h"

namespace furl::cli {
namespace {

constexpr char kGroup[] = "Chunks of a plan (furl plan) in place of a video";
// Each makes two files, and the process outside that makes them (sandbox/output_broker.h) knows
// 255.
constexpr size_t kMostChunks = 100;

Result<size_t> ParseNumber(std::string_view text) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && !text.empty()) return number;
  return InvalidArgument("--chunk: \"" + std::string(text) + "\" is no number; 3, 0-4 or 0-4,9");
}

Status MakeFolder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  return error ? IoError(folder + ": " + error.message()) : OkStatus();
}

SandboxNeeds ChunkNeeds(const OpenedPlan& plan, const std::vector<size_t>& chunks) {
  SandboxNeeds needs = EncodeNeeds(plan.encode);
  needs.outputs.clear();
  needs.folders = {plan.store.folder()};
  for (const size_t chunk : chunks) {
    needs.outputs.push_back({plan.store.StreamPath(chunk), true});
    needs.outputs.push_back({plan.store.RecordPath(chunk), true});
  }
  return needs;
}

Status EncodeOne(const OpenedPlan& plan, const session::EncodeRequest& request, size_t chunk,
                 const FamilyEncoderPtr& family, Console& console) {
  const std::string name = plan.store.StreamPath(chunk);
  Progress progress;
  progress.total = plan.store.plan().chunks[chunk].frames;
  session::EncodeHooks hooks;
  hooks.notice = console.notice();
  hooks.cancelled = Interrupted;
  hooks.progress = [&](const session::EncodeOutcome& so_far) {
    progress.frames = so_far.frames;
    progress.bytes = so_far.bytes;
    console.Show(progress);
  };
  console.RestartProgress();
  FURL_ASSIGN_OR_RETURN(const session::EncodeOutcome outcome,
                        session::CodeChunk(request, plan.store, chunk, family, hooks));
  const double wall = std::max(outcome.wall_seconds, 1e-9);
  console.Json({{"type", "chunk"},
                {"chunk", chunk},
                {"output", name},
                {"frames", outcome.frames},
                {"bytes", outcome.bytes},
                {"seconds", outcome.wall_seconds}});
  console.Say(fmt::format("{}: {}, {} frames, {:.1f} fps", name,
                          HumanBytes(static_cast<double>(outcome.bytes)), outcome.frames,
                          static_cast<double>(outcome.frames) / wall));
  return OkStatus();
}

}  // namespace

void AddChunkOptions(CLI::App* app, ChunkOptions* o) {
  CLI::Option* plan =
      app->add_option("--plan", o->places.plan, "What furl plan made")->group(kGroup);
  app->add_option("--chunk", o->numbers, "Which: 3, or 0-4,9; those that are done are passed over")
      ->needs(plan)
      ->group(kGroup);
  app->add_option("--chunks", o->places.chunks, "Folder where they go; by default PLAN.chunks")
      ->needs(plan)
      ->group(kGroup);
}

Result<std::vector<size_t>> ParseChunkNumbers(const std::string& text, size_t count) {
  std::vector<size_t> numbers;
  std::istringstream parts(text);
  std::string part;
  while (std::getline(parts, part, ',')) {
    const size_t dash = part.find('-');
    FURL_ASSIGN_OR_RETURN(const size_t first, ParseNumber(part.substr(0, dash)));
    size_t last = first;
    if (dash != std::string::npos) {
      FURL_ASSIGN_OR_RETURN(last, ParseNumber(part.substr(dash + 1)));
    }
    if (last < first || last >= count) {
      return InvalidArgument(
          fmt::format("--chunk {}: the plan has the chunks 0 to {}", part, count - 1));
    }
    for (size_t number = first; number <= last; ++number) {
      const bool there = std::find(numbers.begin(), numbers.end(), number) != numbers.end();
      if (!there) numbers.push_back(number);
    }
    if (numbers.size() > kMostChunks) {
      return InvalidArgument(fmt::format("--chunk: at most {} at a time", kMostChunks));
    }
  }
  if (numbers.empty()) return InvalidArgument("--chunk is needed: the number of a chunk");
  return numbers;
}

Status EncodeChunks(const ChunkOptions& options, const EncodeOptions& machine, Console& console,
                    Details* details) {
  PlanOptions places = options.places;
  places.input = machine.input;
  FURL_ASSIGN_OR_RETURN(const OpenedPlan plan, OpenPlan(places, machine));
  FURL_ASSIGN_OR_RETURN(const std::vector<size_t> chunks,
                        ParseChunkNumbers(options.numbers, plan.store.plan().chunks.size()));
  FURL_RETURN_IF_ERROR(MakeFolder(plan.store.folder()));
  const auto broker = EnterSandbox(ChunkNeeds(plan, chunks), console);
  FURL_ASSIGN_OR_RETURN(const session::EncodeRequest request, RequestOf(plan.encode, console));
  FURL_ASSIGN_OR_RETURN(const FamilyEncoderPtr family, PlannedFamily(plan));
  size_t coded = 0;
  for (const size_t chunk : chunks) {
    if (!machine.overwrite && plan.store.Look(chunk) == session::ChunkState::kDone) {
      console.Say(plan.store.StreamPath(chunk) + ": is done");
      continue;
    }
    FURL_RETURN_IF_ERROR(EncodeOne(plan, request, chunk, family, console));
    ++coded;
  }
  (*details)["chunks"] = chunks.size();
  (*details)["coded"] = coded;
  return OkStatus();
}

}  // namespace furl::cli
