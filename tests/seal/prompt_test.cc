// The tool asks for passphrases on a (pseudo) terminal, and doesn't show what is typed.

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace {

// `furl` with a terminal of its own.
class Terminal {
 public:
  explicit Terminal(std::vector<std::string> arguments) {
    child_ = forkpty(&fd_, nullptr, nullptr, nullptr);
    if (child_ != 0) return;
    unsetenv("FURL_PASSPHRASE");
    std::vector<char*> argv = {const_cast<char*>("furl")};
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    execv(FURL_TOOL, argv.data());
    _exit(127);
  }
  ~Terminal() { close(fd_); }

  // Whether the text comes; a minute at most.
  bool WaitFor(const std::string& text) {
    for (int i = 0; i < 600 && shown_.find(text) == std::string::npos; ++i) {
      if (!Read()) break;
    }
    return shown_.find(text) != std::string::npos;
  }
  void Type(const std::string& text) {
    EXPECT_EQ(write(fd_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  int End() {
    while (Read()) {
    }
    int status = 0;
    waitpid(child_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  const std::string& shown() const { return shown_; }

 private:
  bool Read() {
    pollfd terminal = {fd_, POLLIN, 0};
    if (poll(&terminal, 1, 100) <= 0) return true;
    char text[4096];
    const ssize_t n = read(fd_, text, sizeof(text));
    if (n > 0) shown_.append(text, static_cast<size_t>(n));
    return n > 0;
  }

  int fd_ = -1;
  pid_t child_ = -1;
  std::string shown_;
};

class Prompt : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "prompt_test/";
    std::filesystem::create_directories(folder_);
    clip_ = folder_ + "in.y4m";
    out_ = folder_ + "out.furl";
    ASSERT_EQ(
        std::system(
            ("ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=32x32:r=5:d=1 " + clip_).c_str()),
        0);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  int Encrypt(const std::string& first, const std::string& second, std::string* shown) {
    Terminal terminal({"encode", clip_, "-o", out_, "-y", "--encrypt", "--preset", "fast"});
    EXPECT_TRUE(terminal.WaitFor("Passphrase to encrypt with: ")) << terminal.shown();
    terminal.Type(first + "\n");
    EXPECT_TRUE(terminal.WaitFor("The same again: ")) << terminal.shown();
    terminal.Type(second + "\n");
    const int code = terminal.End();
    *shown = terminal.shown();
    return code;
  }

  int Verify(const std::string& passphrase, std::string* shown) {
    Terminal terminal({"verify", out_});
    EXPECT_TRUE(terminal.WaitFor("Passphrase: ")) << terminal.shown();
    terminal.Type(passphrase + "\n");
    const int code = terminal.End();
    *shown = terminal.shown();
    return code;
  }

  std::string folder_;
  std::string clip_;
  std::string out_;
};

TEST_F(Prompt, AsksTwiceToEncryptAndOnceToRead) {
  std::string shown;
  EXPECT_EQ(Encrypt("battery staple", "battery staple", &shown), 0) << shown;
  EXPECT_EQ(shown.find("battery"), std::string::npos) << shown;
  EXPECT_EQ(Verify("battery staple", &shown), 0) << shown;
  EXPECT_EQ(shown.find("battery"), std::string::npos) << shown;
  EXPECT_EQ(Verify("battery", &shown), 6) << shown;
  EXPECT_NE(shown.find("wrong passphrase"), std::string::npos) << shown;
}

TEST_F(Prompt, TwoThatDifferEncryptNothing) {
  std::string shown;
  EXPECT_EQ(Encrypt("battery staple", "battery stable", &shown), 2) << shown;
  EXPECT_FALSE(std::filesystem::exists(out_));
}

TEST_F(Prompt, EndsWithCtrlC) {
  Terminal terminal({"encode", clip_, "-o", out_, "--encrypt"});
  ASSERT_TRUE(terminal.WaitFor("Passphrase to encrypt with: ")) << terminal.shown();
  terminal.Type("\x03");
  EXPECT_EQ(terminal.End(), 130) << terminal.shown();
}

}  // namespace
