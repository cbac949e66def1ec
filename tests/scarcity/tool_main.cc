// The tool where memory, threads and files fail it: it ends with one of its exit codes, and what
// it writes is there complete or not at all.

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "cli/exit_codes.h"
#include "scarcity/trials.h"
#include "support/test_video.h"
#include "support/tiny_model.h"

// The tool's own main, by another name (CMakeLists.txt).
int furl_tool_main(int argc, char** argv);

namespace furl::test {
namespace {

namespace fs = std::filesystem;

constexpr int kSize = 48;
constexpr int kFrames = 4;
constexpr char kOut[] = "out";           // the folder that the tool writes to
constexpr char kShown[] = "shown.txt";   // its standard output
constexpr char kLog[] = "messages.txt";  // its standard error, of all trials
constexpr char kModel[] = "tiny.furlmodel";

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Standard output or error of this process to a file from now on.
void Redirect(int which, const char* path, int flags) {
  const int file = open(path, O_WRONLY | O_CREAT | flags, 0600);
  if (file < 0 || dup2(file, which) < 0) std::abort();
  close(file);
}

// Runs `furl arguments...` as a process would and returns its exit code. `start` is called before
// main is.
int RunTool(const std::vector<std::string>& arguments, const std::function<void()>& start) {
  std::vector<std::string> all = {"furl"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  // A locked-in process couldn't write down afterwards how the trial went.
  all.emplace_back("--no-sandbox");
  std::vector<char*> argv;
  for (std::string& argument : all) argv.push_back(argument.data());
  argv.push_back(nullptr);
  start();
  return furl_tool_main(static_cast<int>(all.size()), argv.data());
}

// One thread beside the main one: calls then come in much the same order each time.
std::vector<std::string> WithModel(std::vector<std::string> arguments) {
  for (const char* more : {"--model", kModel, "--quiet", "--threads", "1"}) {
    arguments.emplace_back(more);
  }
  return arguments;
}

class ToolTrials {
 public:
  explicit ToolTrials(TrialOptions options) : trials_(std::move(options)) {}

  // `arguments` of a command that writes `output` in kOut; "" where it writes nothing but to
  // standard output. What that says isn't compared: info goes on without a model, for one.
  void Run(const std::vector<std::string>& arguments, const std::string& output) {
    Experiment experiment;
    experiment.name = "furl " + arguments[0] + " " + fs::path(arguments[1]).extension().string() +
                      (output.empty() ? "" : " to " + fs::path(output).extension().string());
    experiment.work = [&](const auto& start, const auto&) {
      Redirect(STDOUT_FILENO, kShown, O_TRUNC);
      Redirect(STDERR_FILENO, kLog, O_APPEND);
      return RunTool(arguments, start);
    };
    std::string expected;
    bool first = true;
    experiment.judge = [&](int exit_code) {
      const std::string found = output.empty() ? "" : Contents(kOut + ("/" + output));
      if (std::exchange(first, false)) expected = found;
      const Verdict verdict = Judge(exit_code, !output.empty(), found == expected);
      for (const fs::path& left : fs::directory_iterator(kOut)) fs::remove(left);
      return verdict;
    };
    trials_.Run(experiment,
                {Fault::kMemory, Fault::kThread, Fault::kOpen, Fault::kRead, Fault::kWrite,
                 Fault::kSeek, Fault::kClose, Fault::kSync, Fault::kRename});
  }

  int Finish() const { return trials_.Finish(); }

 private:
  // `writes`: a file in kOut; `same`: the output is the expected one.
  static Verdict Judge(int exit_code, bool writes, bool same) {
    const auto files = std::distance(fs::directory_iterator(kOut), fs::directory_iterator());
    const bool complete = same && files == (writes ? 1 : 0);
    if (exit_code == cli::kExitOk) return complete ? Verdict::kDone : Verdict::kBroken;
    // Neither the command line is wrong nor did anybody interrupt.
    const bool known = exit_code == cli::kExitFailure || exit_code == cli::kExitInput ||
                       exit_code == cli::kExitUnsupported || exit_code == cli::kExitLimit ||
                       exit_code == cli::kExitVerify || exit_code == cli::kExitIo;
    // It may be that only the summary couldn't be made.
    return known && (files == 0 || complete) ? Verdict::kRefused : Verdict::kBroken;
  }

  Trials trials_;
};

// The video as YUV4MPEG2.
void WriteY4m(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  file << "YUV4MPEG2 W" << kSize << " H" << kSize << " F25:1 Ip A1:1 C420jpeg\n";
  for (const ConstFramePtr& frame : MakeVideo(kSize, kSize, 8, kFrames)) {
    file << "FRAME\n";
    for (int p = 0; p < 3; ++p) {
      const ConstPlane plane = frame->plane(p);
      for (int y = 0; y < plane.height; ++y) {
        for (int x = 0; x < plane.width; ++x) file.put(static_cast<char>(plane.row(y)[x]));
      }
    }
  }
}

int Main(int argc, char** argv) {
  TrialOptions options = ParseTrialOptions(argc, argv);
  if (!options.json.empty()) options.json = fs::absolute(options.json);
  char folder[] = "/tmp/furl_scarcity_XXXXXX";
  if (mkdtemp(folder) == nullptr) return 1;
  fs::current_path(folder);
  fs::create_directory(kOut);
  WriteY4m("clip.y4m");
  if (!WriteFile(kModel, MakeTinyModelFile()).ok()) return 1;
  setenv("NO_COLOR", "1", 1);
  for (const char* name : {"clip.mkv", "clip.furl"}) {
    const auto arguments = WithModel({"encode", "clip.y4m", "-o", name});
    const auto encode = [&arguments] { return RunTool(arguments, [] {}); };
    if (RunProcess(encode) != 0) return 1;
  }
  ToolTrials trials(options);
  for (const char* to : {"o.mkv", "o.furl"}) {
    trials.Run(WithModel({"encode", "clip.y4m", "-o", std::string(kOut) + "/" + to}), to);
  }
  for (const char* from : {"clip.mkv", "clip.furl"}) {
    trials.Run(WithModel({"decode", from, "-o", std::string(kOut) + "/o.y4m"}), "o.y4m");
    trials.Run(WithModel({"verify", from}), "");
    trials.Run({"info", from, "--frames", "--model", kModel}, "");
  }
  const int exit_code = trials.Finish();
  fs::current_path("/");
  fs::remove_all(folder);
  return exit_code;
}

}  // namespace
}  // namespace furl::test

int main(int argc, char** argv) { return furl::test::Main(argc, argv); }
