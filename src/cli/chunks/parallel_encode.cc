#include "cli/chunks/parallel_encode.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <thread>
#include <utility>

#include "cli/chunks/chunk_report.h"
#include "cli/chunks/input_size.h"
#include "cli/chunks/plan_use.h"
#include "cli/encode/run_encode.h"
#include "cli/exit_codes.h"
#include "cli/interrupt.h"
#include "cli/options/option_use.h"
#include "session/child_process.h"

namespace furl::cli {
namespace {

constexpr char kGroup[] = "In chunks, which a killed run leaves to the next";
constexpr char kDone[] = "-done";

int CpuCount() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

// The object on the last line that is one.
Details ResultOf(const std::string& output) {
  std::istringstream lines(output);
  std::string line;
  Details result = Details::object();
  while (std::getline(lines, line)) {
    Details object = Details::parse(line, nullptr, /*allow_exceptions=*/false);
    if (object.is_object() && object.value("type", "") == "result") result = std::move(object);
  }
  return result;
}

}  // namespace

void AddParallelOptions(CLI::App* app, ParallelOptions* o) {
  app->add_flag("--resume", o->resume,
                "Go on where a killed run of the same command stopped, or begin so that one can "
                "(OUTPUT.furl-work holds what is done)")
      ->group(kGroup);
  app->add_option("--jobs", o->jobs, "Code so many chunks at a time, in processes of their own")
      ->check(WholeNumber(1, 256))
      ->group(kGroup);
}

ParallelEncode::ParallelEncode(const EncodeOptions& encode, const ParallelOptions& options,
                               Console& console)
    : encode_(encode),
      console_(console),
      resume_(options.resume),
      jobs_(std::max(options.jobs, 1)),
      words_(PlannedWords(encode)),
      folder_(std::filesystem::absolute(encode.output).string() + ".furl-work"),
      plan_path_(folder_ + "/plan") {
  const int threads = encode.threads > 0 ? encode.threads : CpuCount();
  machine_ = {"--threads", std::to_string(std::max(1, threads / jobs_))};
  if (!encode.sandbox) machine_.emplace_back("--no-sandbox");
}

Status ParallelEncode::CheckUse() const {
  if (encode_.dry_run) return InvalidArgument("--dry-run codes nothing that could be cut");
  if (encode_.output == "-") return InvalidArgument("--resume and --jobs make a file, not a pipe");
  if (encode_.encrypt) {
    return InvalidArgument("--encrypt: chunks aren't encrypted while they wait to be joined");
  }
  return CheckFolder(encode_.output);
}

Status ParallelEncode::Run(Details* details) {
  FURL_RETURN_IF_ERROR(CheckUse());
  const bool goes_on = resume_ && std::filesystem::exists(plan_path_);
  // An output that is there then is what the earlier run was allowed to replace, or its own.
  if (!goes_on) FURL_RETURN_IF_ERROR(CheckEncodeOutput(encode_, console_));
  FURL_RETURN_IF_ERROR(MakeFolder());
  if (!goes_on) FURL_RETURN_IF_ERROR(MakePlan());
  // A rate or size that is missed revises the plan.
  for (bool again = true; again;) {
    FURL_ASSIGN_OR_RETURN(const session::EncodePlan plan, session::ReadPlan(plan_path_));
    FURL_RETURN_IF_ERROR(CheckPlan(plan));
    const session::ChunkStore store(plan, session::ChunkStore::FolderOf(plan_path_));
    FURL_RETURN_IF_ERROR(CodeChunks(store));
    FURL_ASSIGN_OR_RETURN(again, Join(details));
  }
  RemoveFolder();
  return OkStatus();
}

// At one go, so that a kill leaves no half of it to go on with; what it may leave has another name.
void ParallelEncode::RemoveFolder() const {
  std::error_code ignored;
  std::filesystem::rename(folder_, folder_ + kDone, ignored);
  std::filesystem::remove_all(folder_ + kDone, ignored);
}

Status ParallelEncode::MakeFolder() {
  std::error_code error;
  std::filesystem::remove_all(folder_ + kDone, error);
  const bool made = std::filesystem::create_directory(folder_, error);
  if (error) return IoError(folder_ + ": " + error.message());
  if (made || resume_) return OkStatus();
  return InvalidArgument(folder_ + " is left of a run that was stopped: --resume goes on with it");
}

Status ParallelEncode::MakePlan() {
  std::vector<std::string> arguments = {"plan", AbsoluteInput(encode_.input), "-o", plan_path_,
                                        "-y"};
  arguments.insert(arguments.end(), words_.begin(), words_.end());
  Details result;
  const Status status = RunTool(std::move(arguments), &result);
  std::error_code ignored;
  if (!status.ok()) std::filesystem::remove(folder_, ignored);  // which is still empty
  return status;
}

Status ParallelEncode::CheckPlan(const session::EncodePlan& plan) const {
  std::string what;
  if (plan.options != words_) what = "other settings";
  if (plan.input != AbsoluteInput(encode_.input)) what = "another input";
  if (plan.input_bytes != InputBytes(encode_.input)) what = "an input of another size";
  if (what.empty()) return OkStatus();
  return InvalidArgument(folder_ + " is of an encode with " + what +
                         "; give those, or remove the folder");
}

Status ParallelEncode::CodeChunks(const session::ChunkStore& store) {
  const ChunkStates states = LookAtAll(store);
  frames_done_ = 0;
  next_ = 0;
  std::vector<size_t> left = states.missing;
  left.insert(left.end(), states.damaged.begin(), states.damaged.end());
  for (const size_t chunk : states.done) frames_done_ += store.plan().chunks[chunk].frames;
  if (!states.done.empty()) {
    console_.Say(fmt::format("{} of {} chunks are done already", states.done.size(),
                             store.plan().chunks.size()));
  }
  console_.RestartProgress();
  std::vector<std::thread> workers;
  const size_t count = std::min(left.size(), static_cast<size_t>(jobs_));
  for (size_t i = 0; i < count; ++i) workers.emplace_back([&] { Work(store, left); });
  for (std::thread& worker : workers) worker.join();
  console_.EndProgress();
  if (status_.code() != StatusCode::kCancelled) return status_;
  return {StatusCode::kCancelled,
          "interrupted; the same command with --resume goes on with what is in " + folder_};
}

void ParallelEncode::Work(const session::ChunkStore& store, const std::vector<size_t>& left) {
  for (;;) {
    size_t chunk = 0;
    {
      const std::lock_guard lock(mutex_);
      if (!status_.ok() || next_ == left.size()) return;
      chunk = left[next_++];
    }
    const Status status = CodeChunk(chunk);
    const std::lock_guard lock(mutex_);
    if (status.ok()) {
      Done(store, chunk);
    } else if (status_.ok()) {
      status_ = status;
    }
  }
}

Status ParallelEncode::CodeChunk(size_t chunk) {
  Details result;
  return RunTool({"encode", "--plan", plan_path_, "--chunk", std::to_string(chunk), "-y"}, &result);
}

// With mutex_ held.
void ParallelEncode::Done(const session::ChunkStore& store, size_t chunk) {
  frames_done_ += store.plan().chunks[chunk].frames;
  Progress progress;
  progress.total = store.plan().frames();
  progress.frames = frames_done_;
  console_.Show(progress);
}

Result<bool> ParallelEncode::Join(Details* details) {
  Details result;
  const std::string output = std::filesystem::absolute(encode_.output).string();
  const Status status = RunTool({"join", plan_path_, "-o", output, "-y"}, &result);
  const bool again = result.value("again", false);
  if (again) {
    console_.Notice(
        fmt::format("the target is missed: coding again with crf {}", result.value("crf", 0.0)));
    return true;
  }
  for (const char* key : {"type", "success", "exit_code", "command", "message"}) result.erase(key);
  details->update(result);
  if (!status.ok()) return status;
  (*details)["output"] = encode_.output;
  if (!result.contains("bytes")) return false;  // the file of an earlier round stays
  console_.Say(fmt::format("{}: {}, {} frames, video {:.1f} kbit/s", encode_.output,
                           HumanBytes(result.value("bytes", 0.0)), result.value("frames", 0),
                           result.value("video_kbps", 0.0)));
  return false;
}

Status ParallelEncode::RunTool(std::vector<std::string> arguments, Details* result) const {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return IoError("/proc/self/exe: " + error.message());
  arguments.insert(arguments.begin(), self.string());
  arguments.insert(arguments.end(), machine_.begin(), machine_.end());
  arguments.insert(arguments.end(), {"--json", "-q"});
  FURL_ASSIGN_OR_RETURN(const auto folder, session::TemporaryFolder::Create());
  FURL_ASSIGN_OR_RETURN(const session::ChildEnd end,
                        session::RunToEnd(arguments, folder.path(), Interrupted));
  *result = ResultOf(end.output);
  if (end.exit_code == 0) return OkStatus();
  const std::string what = "furl " + arguments[1];
  if (end.exit_code < 0) {
    return InternalError(fmt::format("{} was ended by signal {}", what, end.signal));
  }
  return {CodeOfExit(end.exit_code),
          result->value("message", what + ": " + session::EndOfOutput(end.output))};
}

}  // namespace furl::cli
