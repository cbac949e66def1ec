// Console: everything a command says. Data and NDJSON go to `out`, all else to
// `err`: messages through spdlog, progress as a bar on terminals and as plain
// lines elsewhere. Whatever the texts hold, no terminal takes it for a command
// (cli/printable.h).

#ifndef FURL_CLI_CONSOLE_H_
#define FURL_CLI_CONSOLE_H_

#include <spdlog/logger.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "base/status.h"
#include "media/media_info.h"
#include "progress/progress_line.h"

namespace furl::cli {

struct ConsoleSettings {
  bool json = false;
  bool quiet = false;     // errors only
  bool verbose = false;   // also details and the libraries' own messages
  bool terminal = false;  // `err` shows control sequences
  bool color = false;
  int columns = 80;  // of the terminal; looked up anew for every line of progress
};

class Console {
 public:
  Console(std::ostream& out, std::ostream& err) : out_(out), err_(err) { Configure({}); }

  void Configure(const ConsoleSettings& settings);
  const ConsoleSettings& settings() const { return settings_; }

  // Plain text for the user who asked for it (info, models); not with --json.
  void Print(const std::string& text);
  // One NDJSON object; nothing without --json. `object` has a "type".
  void Json(const nlohmann::ordered_json& object);

  void Say(const std::string& text);     // what was done
  void Notice(const std::string& text);  // worth knowing
  // Damage; shown even with -q. False: not shown, because there were kMostMessages already.
  bool Problem(const std::string& text);
  void Detail(const std::string& text);  // with -v; FFmpeg's threads call it too

  // Of each kind, in one command. Finish says how many more there were.
  static constexpr int kMostMessages = 200;
  // So many again, of commands that don't end; says how many more there were so far.
  void RestartMessages();
  media::NoticeFn notice() {
    return [this](const std::string& text) { Notice(text); };
  }

  // Called as often as wanted; shows at most a few times per second (bar) or
  // every five seconds (lines).
  void Show(const Progress& progress);
  // Counts time from the next Show; for work of several parts.
  void RestartProgress() { started_ = false; }
  // Removes the bar. Called before any other text.
  void EndProgress();

  // The last line of every command: with --json {"type": "result", ...}, and
  // an error message if `status` is one. Returns the exit code.
  int Finish(const Status& status, nlohmann::ordered_json details = {});

 private:
  using Clock = std::chrono::steady_clock;

  // False: one too many of that level.
  bool Log(spdlog::level::level_enum level, const std::string& text);
  void Write(spdlog::level::level_enum level, const std::string& text);  // with err_mutex_ held
  void RemoveBar();                                                      // with err_mutex_ held
  void FinishMessages(const Status& status);

  std::ostream& out_;
  std::mutex err_mutex_;  // guards err_, its logger's sink, bar_shown_ and messages_
  std::ostream& err_;
  ConsoleSettings settings_;
  std::shared_ptr<spdlog::logger> log_;
  bool started_ = false;
  bool bar_shown_ = false;
  std::map<spdlog::level::level_enum, int64_t> messages_;
  Clock::time_point start_;
  Clock::time_point last_;
};

// What Show() shows `seconds` after the start: furl::ProgressLine with any label made printable, or
// the keys of a "progress" object (docs/cli.md).
std::string ProgressLine(const Progress& progress, double seconds, const ConsoleSettings& settings);
nlohmann::ordered_json ProgressJson(const Progress& progress, double seconds);

}  // namespace furl::cli

#endif  // FURL_CLI_CONSOLE_H_
