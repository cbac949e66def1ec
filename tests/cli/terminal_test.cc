// The progress bar in a real (pseudo) terminal that changes its size meanwhile.

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

// What ended with a carriage return or a newline, without control sequences.
class Rows {
 public:
  void Take(const std::string& text) {
    for (const char c : text) {
      if (escape_) {
        escape_ = c == '[' || c == '?' || (c >= '0' && c <= '9') || c == ';';
      } else if (c == '\x1b') {
        escape_ = true;
      } else if (c == '\r' || c == '\n') {
        if (!row_.empty()) rows_.push_back(row_);
        row_.clear();
      } else {
        row_ += c;
      }
    }
  }
  std::vector<std::string> TakeRows() { return std::move(rows_); }
  // All that has come so far, the row that hasn't ended included.
  void Forget() {
    row_.clear();
    rows_.clear();
  }

 private:
  bool escape_ = false;
  std::string row_;
  std::vector<std::string> rows_;
};

// Reads the terminal for so many seconds or until its program ends.
void Watch(int fd, double seconds, Rows* rows) {
  for (int i = 0; i < seconds * 10; ++i) {
    pollfd terminal = {fd, POLLIN, 0};
    if (poll(&terminal, 1, 100) <= 0) continue;
    char text[4096];
    const ssize_t n = read(fd, text, sizeof(text));
    if (n <= 0) return;
    rows->Take(std::string(text, static_cast<size_t>(n)));
  }
}

// Waits for a few bars, a minute at most, and returns how many there were; none may be as wide as
// the terminal.
int WatchBars(int fd, size_t columns, Rows* rows) {
  int bars = 0;
  for (int i = 0; i < 120 && bars < 3; ++i) {
    Watch(fd, 0.5, rows);
    for (const std::string& row : rows->TakeRows()) {
      if (row.find(" %  ") == std::string::npos) continue;
      ++bars;
      EXPECT_LT(row.size(), columns) << row;
    }
  }
  return bars;
}

TEST(TerminalTest, ProgressFitsWhileTheTerminalChanges) {
  const std::string clip = testing::TempDir() + "/terminal_test_input.mkv";
  ASSERT_EQ(std::system(("ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=96x64:r=25:d=400 "
                         "-c:v libx264 -preset ultrafast " +
                         clip)
                            .c_str()),
            0);
  const std::string out = testing::TempDir() + "/terminal_test.mkv";
  winsize size = {};
  size.ws_row = 24;
  size.ws_col = 80;
  int fd = -1;
  const pid_t child = forkpty(&fd, nullptr, nullptr, &size);
  ASSERT_GE(child, 0);
  if (child == 0) {
    execl(FURL_TOOL, "furl", "encode", clip.c_str(), "-y", "-o", out.c_str(), nullptr);
    _exit(127);
  }
  Rows rows;
  for (const unsigned short columns : {80, 40, 132, 60, 52}) {
    size.ws_col = columns;
    ASSERT_EQ(ioctl(fd, TIOCSWINSZ, &size), 0);
    Watch(fd, 0.5, &rows);
    rows.Forget();  // a row ends when the next begins, and may be of the width before
    EXPECT_GT(WatchBars(fd, columns, &rows), 0) << columns << " columns";
  }
  kill(child, SIGINT);
  Watch(fd, 60, &rows);
  int status = 0;
  waitpid(child, &status, 0);
  close(fd);
}

}  // namespace
