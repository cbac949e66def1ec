// Browser: a headless Chromium, driven over the pipe of its DevTools protocol.

#ifndef FURL_TESTS_REPORT_BROWSER_H_
#define FURL_TESTS_REPORT_BROWSER_H_

#include <sys/types.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace furl::testing {

class Browser {
 public:
  // The program to drive: $FURL_CHROMIUM or chromium in PATH; empty if there is
  // none.
  static std::string Find();

  // Starts it with a page of `width` x `height` CSS pixels. Null when it doesn't
  // start, with the reason in error.
  static std::unique_ptr<Browser> Start(int width, int height, std::string* error);
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  // Loads a file and waits until it has loaded; false after half a minute.
  bool Open(const std::string& path);
  void Resize(int width, int height);

  // The value of a JavaScript expression (promises are awaited). What is thrown
  // becomes {"thrown": text}.
  nlohmann::json Evaluate(const std::string& expression);
  // Evaluates until the expression is true; false after ten seconds.
  bool WaitFor(const std::string& expression);

  // Pointer events at CSS pixels of the visible part of the page.
  void MoveTo(double x, double y);
  void Click(double x, double y);
  void Drag(double x0, double y0, double x1, double y1);
  void Press(const std::string& key);

  // Writes a PNG of the whole page.
  bool Screenshot(const std::string& path);

  // Exceptions, console messages of kind error, and what the browser logs.
  const std::vector<std::string>& problems() const { return problems_; }
  // Addresses that were asked for, other than data: ones.
  const std::vector<std::string>& requests() const { return requests_; }

 private:
  Browser() = default;
  bool Launch(const std::string& program, int width, int height);
  nlohmann::json Call(const std::string& method, nlohmann::json parameters);
  // The next message, null after `seconds` without one.
  nlohmann::json Read(double seconds);
  void Note(const nlohmann::json& event);
  // `held`: the left button is down after the event.
  void Mouse(const char* type, double x, double y, bool held);

  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  int id_ = 0;
  bool loaded_ = false;
  std::string session_;
  std::string folder_;
  std::string buffer_;
  std::vector<std::string> problems_;
  std::vector<std::string> requests_;
};

}  // namespace furl::testing

#endif  // FURL_TESTS_REPORT_BROWSER_H_
