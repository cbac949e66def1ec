#include "browser.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace furl::testing {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

// Generous: continuous integration shares its machines.
constexpr double kCallSeconds = 120;

double Since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string FromBase64(const std::string& text) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const char* digit = c == '\0' ? nullptr : std::char_traits<char>::find(kDigits, 64, c);
    if (digit == nullptr) break;
    bits = bits << 6 | static_cast<unsigned>(digit - kDigits);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 0xff);
  }
  return bytes;
}

}  // namespace

std::string Browser::Find() {
  const char* chosen = std::getenv("FURL_CHROMIUM");
  if (chosen != nullptr && access(chosen, X_OK) == 0) return chosen;
  const char* path = std::getenv("PATH");
  std::string rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const size_t colon = std::min(rest.find(':'), rest.size());
    const std::string program = rest.substr(0, colon) + "/chromium";
    if (access(program.c_str(), X_OK) == 0) return program;
    rest.erase(0, colon + 1);
  }
  return "";
}

std::unique_ptr<Browser> Browser::Start(int width, int height, std::string* error) {
  std::unique_ptr<Browser> browser(new Browser());
  if (!browser->Launch(Find(), width, height)) {
    *error = "the browser cannot be started";
    return nullptr;
  }
  const json target = browser->Call("Target.createTarget", {{"url", "about:blank"}});
  const json attached = browser->Call(
      "Target.attachToTarget", {{"targetId", target.value("targetId", "")}, {"flatten", true}});
  if (!attached.contains("sessionId")) {
    *error = "the browser does not answer: " + attached.dump();
    return nullptr;
  }
  browser->session_ = attached["sessionId"];
  for (const char* domain : {"Page.enable", "Runtime.enable", "Log.enable", "Network.enable"}) {
    browser->Call(domain, json::object());
  }
  browser->Resize(width, height);
  return browser;
}

bool Browser::Launch(const std::string& program, int width, int height) {
  int in[2];   // commands, its descriptor 3
  int out[2];  // answers, its descriptor 4
  char folder[] = "/tmp/furl-browser-XXXXXX";
  if (program.empty() || mkdtemp(folder) == nullptr) return false;
  folder_ = folder;
  if (pipe(in) != 0 || pipe(out) != 0) return false;
  const std::string profile = "--user-data-dir=" + folder_;
  const std::string size = "--window-size=" + std::to_string(width) + "," + std::to_string(height);
  // No sandbox: it needs rights that containers lack; the pages are our own.
  const char* arguments[] = {program.c_str(),
                             "--headless",
                             "--no-sandbox",
                             "--disable-gpu",
                             "--disable-dev-shm-usage",
                             "--no-first-run",
                             "--disable-extensions",
                             "--disable-background-networking",
                             "--disable-component-update",
                             "--hide-scrollbars",
                             "--remote-debugging-pipe",
                             profile.c_str(),
                             size.c_str(),
                             nullptr};
  pid_ = fork();
  if (pid_ == 0) {
    setpgid(0, 0);
    // Away from 3 and 4 first: the ends may lie there.
    const int commands = fcntl(in[0], F_DUPFD, 10);
    const int answers = fcntl(out[1], F_DUPFD, 10);
    const int null = open("/dev/null", O_RDWR);
    for (const int fd : {0, 1, 2}) dup2(null, fd);
    dup2(commands, 3);
    dup2(answers, 4);
    for (int fd = 5; fd < 64; ++fd) close(fd);
    execv(program.c_str(), const_cast<char* const*>(arguments));
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  to_ = in[1];
  from_ = out[0];
  signal(SIGPIPE, SIG_IGN);
  return pid_ > 0;
}

Browser::~Browser() {
  if (to_ >= 0) close(to_);  // Chromium ends with its pipe
  if (from_ >= 0) close(from_);
  if (pid_ > 0) {
    const auto start = Clock::now();
    while (waitpid(pid_, nullptr, WNOHANG) == 0) {
      if (Since(start) > 5) kill(-pid_, SIGKILL);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    kill(-pid_, SIGKILL);  // helpers that outlive it
  }
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

json Browser::Read(double seconds) {
  const auto start = Clock::now();
  while (true) {
    const size_t end = buffer_.find('\0');
    if (end != std::string::npos) {
      json message = json::parse(buffer_.substr(0, end), nullptr, false);
      buffer_.erase(0, end + 1);
      return message;
    }
    const double left = seconds - Since(start);
    pollfd wait = {from_, POLLIN, 0};
    if (left <= 0 || poll(&wait, 1, static_cast<int>(left * 1000) + 1) <= 0) return nullptr;
    char bytes[65536];
    const ssize_t count = read(from_, bytes, sizeof(bytes));
    if (count <= 0) return nullptr;
    buffer_.append(bytes, static_cast<size_t>(count));
  }
}

void Browser::Note(const json& event) {
  const std::string method = event.value("method", "");
  const json parameters = event.value("params", json::object());
  if (method == "Page.loadEventFired") loaded_ = true;
  if (method == "Runtime.exceptionThrown") problems_.push_back(parameters.dump());
  if (method == "Runtime.consoleAPICalled" && parameters.value("type", "") == "error") {
    problems_.push_back(parameters.dump());
  }
  if (method == "Log.entryAdded" && parameters["entry"].value("level", "") == "error") {
    problems_.push_back(parameters.dump());
  }
  if (method == "Network.requestWillBeSent") {
    const std::string url = parameters["request"].value("url", "");
    if (url.rfind("data:", 0) != 0) requests_.push_back(url);
  }
}

json Browser::Call(const std::string& method, json parameters) {
  json command = {{"id", ++id_}, {"method", method}, {"params", std::move(parameters)}};
  if (!session_.empty()) command["sessionId"] = session_;
  const std::string text = command.dump() + '\0';
  for (size_t done = 0; done < text.size();) {
    const ssize_t count = write(to_, text.data() + done, text.size() - done);
    if (count <= 0) return {{"error", "the pipe is closed"}};
    done += static_cast<size_t>(count);
  }
  const auto start = Clock::now();
  while (Since(start) < kCallSeconds) {
    const json message = Read(kCallSeconds - Since(start));
    if (message.is_null()) break;
    if (message.value("id", 0) == id_) return message.value("result", message);
    Note(message);
  }
  return {{"error", "no answer to " + method}};
}

bool Browser::Open(const std::string& path) {
  loaded_ = false;
  requests_.clear();
  Call("Page.navigate", {{"url", "file://" + std::filesystem::absolute(path).string()}});
  const auto start = Clock::now();
  while (!loaded_ && Since(start) < kCallSeconds) {
    const json message = Read(1);
    if (!message.is_null()) Note(message);
  }
  return loaded_;
}

void Browser::Resize(int width, int height) {
  Call("Emulation.setDeviceMetricsOverride",
       {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", false}});
}

json Browser::Evaluate(const std::string& expression) {
  const json answer =
      Call("Runtime.evaluate",
           {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
  if (answer.contains("exceptionDetails")) {
    return {{"thrown", answer["exceptionDetails"].dump()}};
  }
  return answer.value("result", json::object()).value("value", json());
}

bool Browser::WaitFor(const std::string& expression) {
  const auto start = Clock::now();
  while (Since(start) < 10) {
    const json value = Evaluate(expression);
    if (value.is_boolean() && value.get<bool>()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

void Browser::Mouse(const char* type, double x, double y, bool held) {
  const bool click = std::string(type) != "mouseMoved";
  Call("Input.dispatchMouseEvent", {{"type", type},
                                    {"x", x},
                                    {"y", y},
                                    {"button", click || held ? "left" : "none"},
                                    {"buttons", held ? 1 : 0},
                                    {"clickCount", click ? 1 : 0}});
}

void Browser::MoveTo(double x, double y) { Mouse("mouseMoved", x, y, false); }

void Browser::Click(double x, double y) { Drag(x, y, x, y); }

void Browser::Drag(double x0, double y0, double x1, double y1) {
  MoveTo(x0, y0);
  Mouse("mousePressed", x0, y0, true);
  if (x0 != x1 || y0 != y1) {
    for (int step = 1; step <= 4; ++step) {
      Mouse("mouseMoved", x0 + (x1 - x0) * step / 4, y0 + (y1 - y0) * step / 4, true);
    }
  }
  Mouse("mouseReleased", x1, y1, false);
}

void Browser::Press(const std::string& key) {
  json event = {{"type", "keyDown"}, {"key", key}, {"code", key}};
  if (key.size() == 1) event["text"] = key;
  if (key == "Escape") event["windowsVirtualKeyCode"] = 27;
  Call("Input.dispatchKeyEvent", event);
  event["type"] = "keyUp";
  event.erase("text");
  Call("Input.dispatchKeyEvent", event);
}

bool Browser::Screenshot(const std::string& path) {
  const json answer =
      Call("Page.captureScreenshot", {{"format", "png"}, {"captureBeyondViewport", true}});
  const std::string bytes = FromBase64(answer.value("data", ""));
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  return !bytes.empty() && out.flush().good();
}

}  // namespace furl::testing
