// furl plan: cuts an encode into chunks, and tells how far they are.

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/sha256.h"
#include "bitstream/sequence_header.h"
#include "cli/chunks/chunk_report.h"
#include "cli/chunks/input_size.h"
#include "cli/chunks/plan_use.h"
#include "cli/commands.h"
#include "cli/encode/encode_settings.h"
#include "cli/encode/machine_options.h"
#include "cli/encode/run_encode.h"
#include "cli/encode/target_encode.h"
#include "cli/interrupt.h"
#include "cli/sandbox_use.h"
#include "session/chunks/plan_scan.h"
#include "session/original_video.h"
#include "session/video_coder.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Cuts an encode into chunks that any number of machines code on their own, in any
order, and that join to the bytes which one furl encode of the whole would have
made. Takes the settings of furl encode; a --target, --bitrate or --size is searched
for here, once, on samples. All of the input is read; but for these nothing is coded.)";

constexpr char kFooter[] = R"(Examples:
  furl plan film.mp4 -o film.plan --crf 38
      Then, anywhere: furl encode --plan film.plan --chunk 0, and so on.
  furl plan --status film.plan
      How many chunks are done, and which are missing.
  furl join film.plan -o film.mkv
      When all are.
  furl encode film.mp4 -o film.mkv --jobs 4
      All of this on one machine.)";

struct PlanCommand {
  EncodeOptions encode;  // its output is the plan
  PlanOptions places;
  bool status = false;
};

Status CheckUse(const EncodeOptions& options) {
  if (options.output.empty()) return InvalidArgument("-o is needed: the plan to make");
  if (options.input == "-") {
    return InvalidArgument(
        "standard input can't be read again for each chunk: a plan needs a file");
  }
  if (!options.vbv.empty()) {
    return InvalidArgument("--vbv: each frame's rate depends on all before; that can't be cut");
  }
  if (!options.base.empty()) {
    return InvalidArgument(
        "--base: the base's encoder codes a video as a whole; that can't be cut");
  }
  return CheckOutput(options.input, options.output, options.overwrite);
}

// The crf, given or searched for, into the plan.
Status SetCrf(const EncodeOptions& options, Console& console, session::EncodePlan* plan) {
  plan->crf = options.crf;
  if (!options.searches_crf()) return OkStatus();
  EncodeOptions search = options;
  search.output.clear();
  search.dry_run = true;
  TargetEncode target(search, console);
  Details details = Details::object();
  const Status found = target.Run(&details);
  if (!found.ok() && !details.contains("error")) return found;
  if (!found.ok()) console.Notice(found.message());
  plan->crf = target.crf();
  if (options.target.empty()) plan->sampled = target.sampled();
  return OkStatus();
}

Result<session::EncodePlan> MakePlan(const EncodeOptions& options, Console& console) {
  session::EncodePlan plan;
  plan.input = AbsoluteInput(options.input);
  plan.input_bytes = InputBytes(options.input);
  plan.options = PlannedWords(options);
  FURL_RETURN_IF_ERROR(SetCrf(options, console, &plan));
  FURL_ASSIGN_OR_RETURN(session::EncodeRequest request, RequestOf(options, console));
  FURL_ASSIGN_OR_RETURN(const FamilyEncoderPtr family, EncodeFamily(options));
  plan.model_name = family->family()->model().name();
  plan.model_id = ToHex(family->family()->model().id());
  request.reader.other_streams = false;
  FURL_ASSIGN_OR_RETURN(const auto reader, session::OpenOriginal(request.input, request.reader));
  media::MediaInfo info = reader->info();
  FURL_ASSIGN_OR_RETURN(const auto coder,
                        session::VideoCoder::Create(request, plan.crf, family, &info));
  FURL_ASSIGN_OR_RETURN(const SequenceHeader header, ParseSequenceHeader(coder->sequence_header()));
  plan.width = info.video.width;
  plan.height = info.video.height;
  plan.bit_depth = info.video.bit_depth;
  plan.time_base = info.video.time_base;
  session::ScanHooks hooks;
  hooks.cancelled = Interrupted;
  Progress progress;
  progress.total = info.video.frame_count;
  hooks.progress = [&](int64_t frames) {
    progress.frames = frames;
    console.Show(progress);
  };
  console.RestartProgress();
  FURL_ASSIGN_OR_RETURN(plan.chunks, session::FindChunks(reader.get(), header.gop_length, hooks));
  return plan;
}

Status RunPlan(const CLI::App& app, EncodeOptions options, Console& console, Details* details) {
  FURL_RETURN_IF_ERROR(TakeEncodeWords(GivenWords(app), &options));
  FURL_RETURN_IF_ERROR(CheckUse(options));
  FURL_RETURN_IF_ERROR(CheckFolder(options.output));
  const auto broker = EnterSandbox(EncodeNeeds(options), console);
  FURL_ASSIGN_OR_RETURN(const session::EncodePlan plan, MakePlan(options, console));
  FURL_RETURN_IF_ERROR(session::WritePlan(plan, options.output, options.overwrite));
  (*details)["output"] = options.output;
  (*details)["plan"] = session::PlanId(plan);
  (*details)["frames"] = plan.frames();
  (*details)["crf"] = plan.crf;
  (*details)["chunks"] = plan.chunks.size();
  console.Say(fmt::format("{}: {} chunks (0 to {}), {} frames, crf {}", options.output,
                          plan.chunks.size(), plan.chunks.size() - 1, plan.frames(), plan.crf));
  return OkStatus();
}

Status RunStatus(const PlanOptions& options, Console& console, Details* details) {
  FURL_ASSIGN_OR_RETURN(const session::EncodePlan plan, session::ReadPlan(options.plan));
  const session::ChunkStore store(plan, ChunkFolder(options));
  ReportStatus(LookAtAll(store), plan, console, details);
  return OkStatus();
}

}  // namespace

RunFn AddPlan(CLI::App* app) {
  auto command = std::make_shared<PlanCommand>();
  PlanCommand* c = command.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i", c->encode.input, "Video file; with --status, the plan")->required();
  app->add_option("-o,--output", c->encode.output, "File to make: the plan, as JSON");
  app->add_flag("-y,--overwrite", c->encode.overwrite, "Replace the output if it exists");
  app->add_flag("--status", c->status, "Tell of a plan which of its chunks are done");
  app->add_option("--chunks", c->places.chunks,
                  "With --status: folder of the coded chunks; by default PLAN.chunks");
  AddMachine(app, &c->encode);
  AddEncodeSettings(app, &c->encode);
  return [app, command](Console& console, Details* details) {
    if (!command->status) return RunPlan(*app, command->encode, console, details);
    command->places.plan = command->encode.input;
    return RunStatus(command->places, console, details);
  };
}

}  // namespace furl::cli
