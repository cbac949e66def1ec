// furl join: the coded chunks of a plan become one file.

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "cli/chunks/chunk_report.h"
#include "cli/chunks/plan_use.h"
#include "cli/commands.h"
#include "cli/encode/coding_options.h"
#include "cli/encode/machine_options.h"
#include "cli/encode/quality_target.h"
#include "cli/encode/rate_judge.h"
#include "cli/encode/run_encode.h"
#include "cli/interrupt.h"
#include "cli/sandbox_use.h"
#include "session/chunks/stored_chunks.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Joins the chunks of a plan, all of which are coded, to the file that one furl encode
of the whole would have made, byte for byte. Sound, subtitles and all else are taken
from the input, which is read once more. Chunks that are missing or damaged are named.
Where a plan's --bitrate or --size is missed, the plan gets another crf, as furl encode
would code again: code its chunks and join them once more.)";

constexpr char kFooter[] = R"(Examples:
  furl join film.plan -o film.mkv
  furl join film.plan -o film.mkv --chunks /mnt/done --input /mnt/masters/film.mp4
      Where chunks and input are elsewhere on this machine.)";

struct JoinCommand {
  PlanOptions places;
  EncodeOptions machine;  // and the output
};

// The rate or size that a plan asks for, as its chunks came out.
class RateCheck {
 public:
  // Borrows all.
  RateCheck(const OpenedPlan& plan, const QualityTarget& target, Console& console)
      : plan_(plan), target_(target), console_(console) {}

  // Whether the file stays, and what follows.
  Status Judge(const session::EncodeOutcome& outcome) {
    const session::EncodePlan& plan = plan_.store.plan();
    tries_ = plan.tries;
    tries_.push_back(TryOf(target_, static_cast<int>(plan.crf), outcome));
    decision_ = DecideAfterTry(plan.sampled, tries_, TryRules(plan_.encode.output));
    return decision_.keep ? OkStatus() : Status(StatusCode::kTryAgain, "above the target");
  }

  // Revises the plan in the file `path` where another crf is to be tried. `joined`: how the join
  // ended, with the file's name or without it.
  Status Conclude(const Status& joined, const std::string& path, Details* details) {
    const bool refused = !tries_.empty() && !decision_.keep;
    if (!joined.ok() && !refused) return joined;
    if (decision_.next.has_value()) return Revise(path, details);
    const bool kept_earlier = refused && tries_.size() > 1;
    if (kept_earlier) {
      console_.Notice(Came() + ": the file that was joined before stays");
      return OkStatus();
    }
    if (!tries_.back().over || plan_.encode.best_effort) return OkStatus();
    (*details)["error"] = "target_missed";
    return Status(StatusCode::kInternal, Came() + "; it could not be kept");
  }

 private:
  std::string Came() const {
    return fmt::format("crf {} gave {:.1f} kbit/s, where {} allows {:.1f}", tries_.back().crf,
                       tries_.back().bits_per_second / 1000, target_.Text(),
                       tries_.back().limit / 1000);
  }

  Status Revise(const std::string& path, Details* details) {
    session::EncodePlan plan = plan_.store.plan();
    plan.tries = tries_;
    plan.crf = *decision_.next;
    FURL_RETURN_IF_ERROR(session::WritePlan(plan, path, /*overwrite=*/true));
    (*details)["again"] = true;
    (*details)["crf"] = plan.crf;
    const std::string text = fmt::format(
        "{}: {} is of crf {} now, code its chunks and join them again", Came(), path, plan.crf);
    if (!decision_.keep) return Status(StatusCode::kInternal, text);
    console_.Notice(text);
    return OkStatus();
  }

  const OpenedPlan& plan_;
  const QualityTarget& target_;
  Console& console_;
  std::vector<RateTry> tries_;  // empty before Judge()
  RateTryDecision decision_;
};

SandboxNeeds JoinNeeds(const OpenedPlan& plan, const JoinCommand& command) {
  SandboxNeeds needs = EncodeNeeds(plan.encode);
  needs.folders = {plan.store.folder()};
  needs.outputs.push_back({command.places.plan, true});
  return needs;
}

Status RunJoin(const JoinCommand& command, Console& console, Details* details) {
  FURL_ASSIGN_OR_RETURN(OpenedPlan plan, OpenPlan(command.places, command.machine));
  plan.encode.output = command.machine.output;
  plan.encode.overwrite = command.machine.overwrite;
  FURL_RETURN_IF_ERROR(CheckEncodeOutput(plan.encode, console));
  const auto broker = EnterSandbox(JoinNeeds(plan, command), console);
  FURL_RETURN_IF_ERROR(CheckAll(plan.store, Interrupted));
  FURL_ASSIGN_OR_RETURN(const session::EncodeRequest request, RequestOf(plan.encode, console));
  session::EncodeJob job;
  job.crf = plan.encode.crf;
  FURL_ASSIGN_OR_RETURN(job.family, PlannedFamily(plan));
  job.instead = [&plan](std::span<const uint8_t> header) {
    return std::make_unique<session::StoredChunks>(plan.store, header);
  };
  const bool for_rate = plan.encode.searches_crf() && plan.encode.target.empty();
  if (!for_rate) return RunEncode(request, std::move(job), console, details).status();
  FURL_ASSIGN_OR_RETURN(const QualityTarget target, ParseTarget(plan.encode));
  RateCheck check(plan, target, console);
  job.accept = [&check](const auto& outcome) { return check.Judge(outcome); };
  const auto joined = RunEncode(request, std::move(job), console, details);
  if (joined.ok()) FURL_RETURN_IF_ERROR(check.Judge(*joined));  // a pipe's wasn't asked for
  return check.Conclude(joined.status(), command.places.plan, details);
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
