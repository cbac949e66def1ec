#include "cli/sandbox_use.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "media/input_path.h"
#include "sandbox/sandbox.h"
#include "session/model_store.h"

namespace furl::cli {
namespace {

bool may_lock = false;
bool locked = false;

// Playlists that the user names may name files anywhere, patterns of images those beside.
std::vector<std::string> ReadOf(const std::string& input, bool ordinary) {
  if (input == "-") return {};
  if (!ordinary || media::IsFile(input)) {
    return {media::IsListOfFiles(input) && ordinary ? "/" : input};
  }
  const std::string folder = media::FolderOf(input);
  return {media::IsAddress(input) || !media::IsFile(folder) ? "/" : folder};
}

sandbox::Rules RulesFor(const SandboxNeeds& needs) {
  sandbox::Rules rules;
  rules.read = session::ModelStore(needs.model).Places();
  rules.read.insert(rules.read.end(), needs.folders.begin(), needs.folders.end());
  if (needs.serves) rules.network = sandbox::Network::kIncoming;
  for (const std::string& input : needs.inputs) {
    const std::vector<std::string> read = ReadOf(input, needs.ordinary);
    rules.read.insert(rules.read.end(), read.begin(), read.end());
    if (needs.ordinary && media::IsAddress(input)) rules.network = sandbox::Network::kAll;
  }
  return rules;
}

bool IsMadeAsFile(const sandbox::Output& output) {
  return !output.path.empty() && output.path != "-" && output.path != "null";
}

const char* NetworkText(sandbox::Network network) {
  switch (network) {
    case sandbox::Network::kAll: return ", network allowed";
    case sandbox::Network::kIncoming: return ", connections that come in allowed";
    default: return "";
  }
}

void Tell(const sandbox::Layers& layers, const sandbox::Rules& rules, Console& console) {
  const auto part = [](const char* what, const Status& status) {
    return status.ok() ? std::string(what) : fmt::format("not {} ({})", what, status.message());
  };
  console.Detail(fmt::format("sandbox: {}, {}{}", part("system calls", layers.system_calls),
                             part("paths", layers.paths), NetworkText(rules.network)));
}

}  // namespace

void AddNoSandbox(CLI::App* app, bool* wanted) {
  app->add_flag_callback(
      "--no-sandbox", [wanted] { *wanted = false; },
      "Don't restrict what this process may do while it reads the input (docs/cli.md)");
}

void MayLockProcess() { may_lock = true; }

std::unique_ptr<sandbox::OutputBroker> EnterSandbox(const SandboxNeeds& needs, Console& console) {
  if (!may_lock || !needs.wanted) return nullptr;
  if (!needs.program.empty()) {
    console.Detail("no sandbox: " + needs.program + " is run, a program outside");
    return nullptr;
  }
  std::vector<sandbox::Output> outputs = needs.outputs;
  std::erase_if(outputs, [](const sandbox::Output& output) { return !IsMadeAsFile(output); });
  std::unique_ptr<sandbox::OutputBroker> broker;
  if (!outputs.empty()) {
    auto started = sandbox::OutputBroker::Start(std::move(outputs));
    if (!started.ok()) {
      console.Detail("no sandbox: " + started.status().message());
      return nullptr;
    }
    broker = std::move(*started);
  }
  const sandbox::Rules rules = RulesFor(needs);
  const sandbox::Layers layers = sandbox::Enter(rules);
  locked = layers.any();
  Tell(layers, rules, console);
  return broker;
}

Status ExplainRefusal(const Status& status) {
  if (status.ok() || !locked) return status;
  for (const int error : {EPERM, EACCES}) {
    if (status.message().find(std::strerror(error)) == std::string::npos) continue;
    return {status.code(), status.message() + " (perhaps by the sandbox; --no-sandbox leaves it)"};
  }
  return status;
}

}  // namespace furl::cli
