// furl join: the coded chunks of a plan become one file.

#include <fmt/format.h>

#include <string>
#include <utility>

#include "cli/chunks/chunk_report.h"
#include "cli/chunks/plan_use.h"
#include "cli/commands.h"
#include "cli/encode/coding_options.h"
#include "cli/encode/machine_options.h"
#include "cli/encode/quality_target.h"
#include "cli/encode/run_encode.h"
#include "cli/interrupt.h"
#include "cli/sandbox_use.h"
#include "session/chunks/stored_chunks.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Joins the chunks of a plan, all of which are coded, to the file that one furl encode
of the whole would have made, byte for byte. Sound, subtitles and all else are taken
from the input, which is read once more. Chunks that are missing or damaged are named.)";

constexpr char kFooter[] = R"(Examples:
  furl join film.plan -o film.mkv
  furl join film.plan -o film.mkv --chunks /mnt/done --input /mnt/masters/film.mp4
      Where chunks and input are elsewhere on this machine.)";

struct JoinCommand {
  PlanOptions places;
  EncodeOptions machine;  // and the output
};

// A rate or size that the plan's search promised, and the whole doesn't keep.
Status CheckTarget(const OpenedPlan& plan, const session::EncodeOutcome& outcome,
                   Details* details) {
  if (!plan.encode.searches_crf()) return OkStatus();
  FURL_ASSIGN_OR_RETURN(const QualityTarget target, ParseTarget(plan.encode));
  if (!IsOver(target, outcome)) return OkStatus();
  (*details)["error"] = "target_missed";
  return Status(StatusCode::kInternal,
                fmt::format("{} could not be kept with the crf {} that samples promised; a plan "
                            "with a higher --crf makes less",
                            target.Text(), plan.encode.crf));
}

Status RunJoin(const JoinCommand& command, Console& console, Details* details) {
  FURL_ASSIGN_OR_RETURN(OpenedPlan plan, OpenPlan(command.places, command.machine));
  plan.encode.output = command.machine.output;
  plan.encode.overwrite = command.machine.overwrite;
  FURL_RETURN_IF_ERROR(CheckEncodeOutput(plan.encode, console));
  SandboxNeeds needs = EncodeNeeds(plan.encode);
  needs.folders = {plan.store.folder()};
  const auto broker = EnterSandbox(needs, console);
  FURL_RETURN_IF_ERROR(CheckAll(plan.store, Interrupted));
  FURL_ASSIGN_OR_RETURN(const session::EncodeRequest request, RequestOf(plan.encode, console));
  session::EncodeJob job;
  job.crf = plan.encode.crf;
  FURL_ASSIGN_OR_RETURN(job.family, PlannedFamily(plan));
  job.instead = [&plan](std::span<const uint8_t> header) {
    return std::make_unique<session::StoredChunks>(plan.store, header);
  };
  FURL_ASSIGN_OR_RETURN(const session::EncodeOutcome outcome,
                        RunEncode(request, std::move(job), console, details));
  return CheckTarget(plan, outcome, details);
}

}  // namespace

RunFn AddJoin(CLI::App* app) {
  auto command = std::make_shared<JoinCommand>();
  JoinCommand* c = command.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("plan", c->places.plan, "What furl plan made")->required();
  app->add_option("-o,--output", c->machine.output,
                  "File to make: .mkv, .furl (bare stream, video only), or - for a bare stream on "
                  "standard output")
      ->required();
  app->add_flag("-y,--overwrite", c->machine.overwrite, "Replace the output if it exists");
  AddPlanPlaces(app, &c->places);
  AddModel(app, &c->machine);
  AddMachine(app, &c->machine);
  return
      [command](Console& console, Details* details) { return RunJoin(*command, console, details); };
}

}  // namespace furl::cli
