// furl inspect: where the bits of a furl file go, and why.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <optional>
#include <utility>

#include "cli/bits_table.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options/keys.h"
#include "cli/options/max_memory.h"
#include "cli/options/option_use.h"
#include "cli/sandbox_use.h"
#include "inspect/advice.h"
#include "inspect/inspect_json.h"
#include "inspect/inspect_page.h"
#include "inspect/inspection.h"
#include "inspect/totals.h"
#include "progress/progress_line.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Shows where the bits of a furl file go: how many say how things move, how many
are side information, how many each group of latents takes, and where in the
picture they lie; what the model expected, and where it was surprised. --html
makes a page of it, one file that needs no network: all frames on a timeline,
pictures under maps of their bits, and the numbers of every block.)";

constexpr char kFooter[] = R"(Examples:
  furl inspect holiday.mkv                              what takes the bits, in the terminal
  furl inspect holiday.mkv --html page.html             as a page
  furl inspect holiday.mkv --html page.html --frames 240-299
  furl inspect holiday.mkv --json --blocks | jq 'select(.type == "blocks")')";

struct InspectCommandOptions {
  std::string input;
  std::string frames;
  bool blocks = false;
  std::string html;  // empty: no page
  int html_mib = 32;
  bool overwrite = false;
  int threads = 0;
  int64_t max_memory = DecoderSettings().max_memory;
  KeyOptions keys;
  bool sandbox = true;
  std::string model;
};

// "12", "12-40" or "12-".
Status ParseFrames(const std::string& text, int64_t* first, int64_t* last) {
  const Status wrong =
      InvalidArgument("--frames " + text + ": frames are numbers from 0 on, such as 0-23 or 240-");
  const auto number = [](const char** at, const char* end, int64_t* value) {
    const auto [next, error] = std::from_chars(*at, end, *value);
    const bool good = error == std::errc() && next != *at && *value >= 0;
    *at = next;
    return good;
  };
  const char* at = text.data();
  const char* const end = at + text.size();
  if (!number(&at, end, first)) return wrong;
  *last = *first;
  if (at == end) return OkStatus();
  if (*at++ != '-') return wrong;
  *last = INT64_MAX;
  if (at == end) return OkStatus();
  if (!number(&at, end, last) || at != end || *last < *first) return wrong;
  return OkStatus();
}

class InspectCommandRun {
 public:
  InspectCommandRun(const InspectCommandOptions& options, Console& console)
      : options_(options), console_(console) {}

  Status Run(Details* details) {
    FURL_RETURN_IF_ERROR(CheckPage());
    inspect::InspectOptions options;
    if (!options_.frames.empty()) {
      FURL_RETURN_IF_ERROR(ParseFrames(options_.frames, &options.first, &options.last));
    }
    options.model = options_.model;
    options.threads = options_.threads;
    options.max_memory = options_.max_memory;
    options.hooks = HooksOf(console_);
    options.take = [this](const inspect::FrameRecord& frame, const FrameAnalysis& analysis) {
      return Take(frame, analysis);
    };
    options.progress = [this](int64_t frames) { ShowProgress(frames); };
    options.damage = [this](const std::string& text) { console_.Problem(text); };
    FURL_ASSIGN_OR_RETURN(const auto inspection, inspect::InspectFile(options_.input, options));
    console_.EndProgress();
    if (inspection->analysed == 0) {
      return InvalidArgument(fmt::format("{}: {}", options_.input, NothingText(*inspection)));
    }
    ShowFrames(*inspection);
    const inspect::Totals totals = inspect::TotalsOf(*inspection);
    console_.Print(fmt::format("{} frames in {} GOPs, {:.3f} s, {}; {} frames were looked at\n\n",
                               totals.frames, totals.gops, totals.seconds,
                               HumanBytes(static_cast<double>(totals.bytes)),
                               totals.analysed_frames));
    PrintBits(totals, console_);
    const std::vector<inspect::Advice> advice = inspect::AdviceOf(totals, inspection->header);
    ShowAdvice(advice);
    FURL_RETURN_IF_ERROR(WritePage(*inspection, totals, details));
    details->update(inspect::TotalsJson(totals));
    (*details)["advice"] = inspect::AdviceJson(advice);
    (*details)["damaged"] = inspection->damaged;
    if (inspection->damaged == 0) return OkStatus();
    return InvalidStream(fmt::format("{}: {} damaged places (`furl verify` says what is hurt)",
                                     options_.input, inspection->damaged));
  }

 private:
  Status CheckPage() {
    if (options_.html.empty()) return OkStatus();
    if (options_.html == "-") return InvalidArgument("--html needs the name of a file");
    FURL_RETURN_IF_ERROR(CheckFolder(options_.html));
    FURL_RETURN_IF_ERROR(CheckOutput(options_.input, options_.html, options_.overwrite));
    page_.emplace(int64_t{options_.html_mib} << 20);
    return OkStatus();
  }

  Status WritePage(const inspect::Inspection& inspection, const inspect::Totals& totals,
                   Details* details) {
    if (!page_) return OkStatus();
    FURL_RETURN_IF_ERROR(page_->Write(options_.html, inspection, totals));
    (*details)["html"] = {{"path", options_.html}, {"pictures", page_->detailed()}};
    console_.Say(fmt::format("{}: {} of {} frames with pictures", options_.html, page_->detailed(),
                             inspection.timeline.frames().size()));
    return OkStatus();
  }

  static std::string NothingText(const inspect::Inspection& inspection) {
    const size_t frames = inspection.timeline.frames().size();
    if (frames == 0) return "there is no video in it";
    return fmt::format("none of these frames could be decoded; it has {}, from 0 on", frames);
  }

  // In the decoder's threads.
  Status Take(const inspect::FrameRecord& frame, const FrameAnalysis& analysis) {
    if (page_) FURL_RETURN_IF_ERROR(page_->Add(frame, analysis));
    if (!options_.blocks) return OkStatus();
    nlohmann::ordered_json object = {{"type", "blocks"}, {"number", frame.number}};
    object.update(inspect::BlocksJson(analysis));
    const std::lock_guard<std::mutex> lock(out_mutex_);
    console_.Json(object);
    return OkStatus();
  }

  void ShowProgress(int64_t frames) {
    Progress progress;
    progress.frames = frames;
    const std::lock_guard<std::mutex> lock(out_mutex_);
    console_.Show(progress);
  }

  void ShowFrames(const inspect::Inspection& inspection) {
    if (!console_.settings().json) return;
    for (const inspect::FrameRecord* frame : inspection.timeline.Shown()) {
      nlohmann::ordered_json object = {{"type", "frame"}};
      object.update(inspect::FrameJson(inspection, *frame));
      console_.Json(object);
    }
  }

  void ShowAdvice(const std::vector<inspect::Advice>& advice) {
    for (const inspect::Advice& one : advice) {
      console_.Print(fmt::format("\n{}\n  {}\n", one.finding, one.advice));
    }
  }

  const InspectCommandOptions& options_;
  Console& console_;
  std::optional<inspect::InspectPage> page_;
  std::mutex out_mutex_;  // analyses come in the decoder's threads
};

}  // namespace

RunFn AddInspect(CLI::App* app) {
  auto options = std::make_shared<InspectCommandOptions>();
  InspectCommandOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", o->input, "Furl file, or - for standard input")->required();
  app->add_option("--frames", o->frames,
                  "Frames to look at, as FIRST-LAST, FIRST- or one alone; by default all");
  app->add_flag("--blocks", o->blocks, "With --json: the numbers of every 16x16 block");
  app->add_option("--html", o->html, "Write a page with pictures and maps here");
  app->add_option(
         "--html-size", o->html_mib,
         "MiB of pictures and blocks in the page: those of as many frames as fit, from the "
         "first that is looked at")
      ->check(WholeNumber(1, 1024))
      ->capture_default_str();
  app->add_flag("-y,--overwrite", o->overwrite, "Replace an existing page");
  app->add_option("--threads", o->threads, "0: one per CPU")->check(WholeNumber(0, 1024));
  AddMaxMemory(app, &o->max_memory);
  app->add_option("--model", o->model, "Model file, or folder with models");
  AddKeys(app, &o->keys);
  AddNoSandbox(app, &o->sandbox);
  return [app, options](Console& console, Details* details) {
    if (!console.settings().json) {
      FURL_RETURN_IF_ERROR(RefuseOptions(*app, {"--blocks"}, "needs --json"));
    }
    if (options->html.empty()) {
      FURL_RETURN_IF_ERROR(RefuseOptions(*app, {"--html-size", "--overwrite"}, "needs --html"));
    }
    SandboxNeeds needs;
    needs.wanted = options->sandbox;
    needs.inputs = {options->input};
    needs.model = options->model;
    needs.outputs = {{options->html, options->overwrite}};
    FURL_RETURN_IF_ERROR(TakeInputKey(options->keys, needs.inputs, console));
    const auto broker = EnterSandbox(needs, console);
    return InspectCommandRun(*options, console).Run(details);
  };
}

}  // namespace furl::cli
