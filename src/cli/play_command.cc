// furl play: a furl file in whichever player there is.

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options/keys.h"
#include "cli/options/max_memory.h"
#include "cli/options/option_use.h"
#include "cli/options/parse.h"
#include "cli/sandbox_use.h"
#include "media/frame_writer.h"
#include "session/child_process.h"
#include "session/decoded_video.h"
#include "session/trimmed_video.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Shows a furl file with its sound in mpv or ffplay, whichever is installed.
mpv jumps within what it has seen; --start begins anywhere else.)";

constexpr char kFooter[] = R"(Examples:
  furl play holiday.mkv
  furl play holiday.mkv --start 12:30
  furl play holiday.mkv --player ffplay)";

struct PlayOptions {
  std::string input;
  std::string player;
  std::string start;
  int threads = 0;
  int64_t max_memory = DecoderSettings().max_memory;
  KeyOptions keys;
  bool sandbox = true;
  std::string model;
};

struct Player {
  const char* name;
  std::vector<std::string> (*arguments)(const std::string& title);
};

std::vector<std::string> MpvArguments(const std::string& title) {
  return {"--force-media-title=" + title, "--cache=yes", "-"};
}

std::vector<std::string> FfplayArguments(const std::string& title) {
  return {"-hide_banner", "-loglevel", "warning", "-autoexit", "-window_title", title, "-i", "-"};
}

constexpr Player kPlayers[] = {{"mpv", MpvArguments}, {"ffplay", FfplayArguments}};

// Its path and arguments. kUnsupported if there is none.
Result<std::vector<std::string>> PlayerCommand(const PlayOptions& options) {
  for (const Player& player : kPlayers) {
    if (!options.player.empty() && options.player != player.name) continue;
    const std::string path = session::FindProgram(player.name);
    if (path.empty()) continue;
    std::vector<std::string> command = {path};
    for (std::string& argument : player.arguments(options.input)) {
      command.push_back(std::move(argument));
    }
    return command;
  }
  return Unsupported(options.player.empty()
                         ? "there is no player: mpv or ffplay must be installed"
                         : "there is no player " + options.player + " (mpv and ffplay are known)");
}

// A player that reads what is written to standard output meanwhile. It is a process from the
// start, since later, in the sandbox, there can be none, but becomes the player only when there is
// something to show.
class RunningPlayer {
 public:
  // Without Play nothing was run.
  ~RunningPlayer() { Wait(); }

  Status Start(const std::vector<std::string>& command) {
    int pictures[2];
    int word[2];
    nothing_ = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nothing_ < 0 || pipe2(pictures, O_CLOEXEC) != 0 || pipe2(word, O_CLOEXEC) != 0) {
      return IoError(std::strerror(errno));
    }
    child_ = fork();
    if (child_ == 0) {
      close(word[1]);
      RunWhenTold(command, word[0], pictures[0]);
    }
    close(pictures[0]);
    close(word[0]);
    pictures_ = pictures[1];
    word_ = word[1];
    return child_ > 0 ? OkStatus() : IoError(command[0] + " can't be started");
  }

  // From now on it shows what is written to standard output.
  Status Play() {
    const bool told = write(word_, "", 1) == 1 && dup2(pictures_, STDOUT_FILENO) >= 0;
    Close(&pictures_);
    return told ? OkStatus() : IoError("the player can't be started");
  }

  // Until somebody closes it. The exit code.
  int Wait() {
    if (child_ <= 0) return 0;
    Close(&word_);
    Close(&pictures_);
    dup2(nothing_, STDOUT_FILENO);  // which is the end of its input
    Close(&nothing_);
    int status = 0;
    while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    child_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  }

 private:
  // In the other process, which has no threads.
  [[noreturn]] static void RunWhenTold(const std::vector<std::string>& command, int word,
                                       int pictures) {
    std::vector<char*> arguments;
    for (const std::string& argument : command) {
      arguments.push_back(const_cast<char*>(argument.c_str()));
    }
    arguments.push_back(nullptr);
    char byte = 0;
    if (read(word, &byte, 1) != 1) _exit(0);
    dup2(pictures, STDIN_FILENO);
    signal(SIGPIPE, SIG_DFL);
    execv(arguments[0], arguments.data());
    _exit(127);
  }

  static void Close(int* fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
  }

  pid_t child_ = -1;
  int pictures_ = -1;
  int word_ = -1;
  int nothing_ = -1;
};

// Decodes to standard output until the end, or until nobody reads it any more.
Status Feed(const PlayOptions& options, media::VideoReader* video, Console& console) {
  media::WriterOptions writer_options;
  writer_options.codec = "raw";
  writer_options.threads = options.threads;
  writer_options.notice = console.notice();
  FURL_ASSIGN_OR_RETURN(const auto writer,
                        media::OpenFrameWriter("-", video->info(), writer_options));
  for (;;) {
    if (Interrupted()) return Status(StatusCode::kCancelled, "interrupted");
    auto item = video->Next();
    if (!item.ok() && item.status().code() == StatusCode::kEndOfStream) return writer->Finish();
    FURL_RETURN_IF_ERROR(item.status());
    FURL_RETURN_IF_ERROR(item->packet != nullptr
                             ? writer->WritePacket(*item->packet)
                             : writer->WriteFrame(*item->frame, item->duration));
  }
}

Status Play(const PlayOptions& options, Console& console) {
  if (console.settings().json) return InvalidArgument("--json makes no sense with a player");
  FURL_ASSIGN_OR_RETURN(const std::vector<std::string> command, PlayerCommand(options));
  FURL_RETURN_IF_ERROR(TakeInputKey(options.keys, {options.input}, console));
  RunningPlayer player;
  FURL_RETURN_IF_ERROR(player.Start(command));
  SandboxNeeds needs;
  needs.wanted = options.sandbox;
  needs.inputs = {options.input};
  needs.model = options.model;
  const auto broker = EnterSandbox(needs, console);
  session::DecodedOptions decoded;
  decoded.threads = options.threads;
  decoded.max_memory = options.max_memory;
  decoded.conceal = true;
  decoded.model = options.model;
  decoded.hooks = HooksOf(console);
  if (!options.start.empty()) {
    FURL_ASSIGN_OR_RETURN(decoded.start, ParseTime(options.start));
  }
  FURL_ASSIGN_OR_RETURN(const auto video, session::DecodedVideo::Open(options.input, decoded));
  session::TrimOptions trim;
  trim.start = decoded.start;
  FURL_ASSIGN_OR_RETURN(const auto part, session::TrimmedVideo::Open(video.get(), trim));
  FURL_RETURN_IF_ERROR(player.Play());
  const Status fed = Feed(options, part.get(), console);
  const int exit_code = player.Wait();
  if (exit_code != 0) {
    return InternalError(command[0] + " ended with exit code " + std::to_string(exit_code));
  }
  // Whoever closes the player has seen enough.
  return fed.code() == StatusCode::kIo ? OkStatus() : fed;
}

}  // namespace

RunFn AddPlay(CLI::App* app) {
  auto options = std::make_shared<PlayOptions>();
  PlayOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", o->input, "Furl file, or - for standard input")->required();
  app->add_option("--player", o->player, "mpv or ffplay; else the first that is there");
  app->add_option("--start", o->start, "Where to begin: seconds or [h:]m:s");
  app->add_option("--threads", o->threads, "0: one per CPU")
      ->check(WholeNumber(0, 1024))
      ->capture_default_str();
  AddMaxMemory(app, &o->max_memory);
  app->add_option("--model", o->model, "Model file, or folder with models");
  AddKeys(app, &o->keys);
  AddNoSandbox(app, &o->sandbox);
  return [options](Console& console, Details*) { return Play(*options, console); };
}

}  // namespace furl::cli
