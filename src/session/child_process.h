// Running other programs, and a folder for what they read and write.

#ifndef FURL_SESSION_CHILD_PROCESS_H_
#define FURL_SESSION_CHILD_PROCESS_H_

#include <string>
#include <vector>

#include "base/status.h"
#include "media/media_info.h"

namespace furl::session {

// The absolute path of the executable file `name` in PATH; empty if there is
// none. Relative folders of PATH are ignored.
std::string FindProgram(const std::string& name);

// An empty folder in $TMPDIR (or /tmp), removed with all it holds at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() = default;
  TemporaryFolder(TemporaryFolder&& other) noexcept { path_.swap(other.path_); }
  TemporaryFolder& operator=(TemporaryFolder&& other) noexcept {
    path_.swap(other.path_);
    return *this;
  }
  ~TemporaryFolder();

  static Result<TemporaryFolder> Create();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct ChildEnd {
  int exit_code = 0;   // -1: it was ended by a signal
  int signal = 0;      // that one
  std::string output;  // standard output and error
};

// Of what a program wrote, the last 1000 bytes without the line's end: for error messages.
std::string EndOfOutput(std::string output);

// Runs a program to its end, whatever that is, with `folder` as current folder and nothing to read.
// The first argument is its path; no shell is involved. kIo when it can't be started, kCancelled
// once `cancelled`, which may be empty, says so (it is killed).
Result<ChildEnd> RunToEnd(const std::vector<std::string>& arguments, const std::string& folder,
                          const media::CancelFn& cancelled);

// Runs a program to its end with `folder` as current folder and returns what it
// wrote to standard output and error. As RunToEnd, and kIo when it ends with anything but 0 (the
// message has the end of its output).
Result<std::string> RunChild(const std::vector<std::string>& arguments, const std::string& folder,
                             const media::CancelFn& cancelled);

}  // namespace furl::session

#endif  // FURL_SESSION_CHILD_PROCESS_H_
