#include "cli/console.h"

#include <gtest/gtest.h>

#include <sstream>
#include <thread>

namespace furl::cli {
namespace {

constexpr ConsoleSettings kPlain;
constexpr ConsoleSettings kTerminal = {.terminal = true};
constexpr ConsoleSettings kColored = {.terminal = true, .color = true};

ConsoleSettings Wide(ConsoleSettings settings, int columns) {
  settings.columns = columns;
  return settings;
}

TEST(ConsoleTest, HumanNumbers) {
  EXPECT_EQ(HumanBytes(999), "999 B");
  EXPECT_EQ(HumanBytes(1234), "1.2 kB");
  EXPECT_EQ(HumanBytes(1234567), "1.23 MB");
  EXPECT_EQ(HumanBytes(5e9), "5.00 GB");
  EXPECT_EQ(HumanTime(0), "0:00");
  EXPECT_EQ(HumanTime(184), "3:04");
  EXPECT_EQ(HumanTime(3723.4), "1:02:03");
  EXPECT_EQ(HumanTime(-1), "0:00");
}

TEST(ConsoleTest, NamesAndTagsAreNoCommandsToTheTerminal) {
  std::ostringstream out, err;
  Console console(out, err);
  const std::string evil = "\x1b]52;c;cm0=\x07";
  console.Print(evil + "\n");
  console.Notice(evil);
  console.Problem(evil);
  console.Say(evil);
  console.Finish(InvalidStream(evil));
  EXPECT_EQ((out.str() + err.str()).find('\x1b'), std::string::npos) << out.str() << err.str();
  EXPECT_NE(err.str().find("furl: error: \\x1b]52"), std::string::npos) << err.str();
}

TEST(ConsoleTest, AFloodOfMessagesEnds) {
  std::ostringstream out, err;
  Console console(out, err);
  int shown = 0;
  for (int i = 0; i < 10000; ++i) shown += console.Problem("damage");
  EXPECT_EQ(shown, Console::kMostMessages);
  console.Notice("of another kind");
  console.Finish(InvalidStream("all of it"));
  const std::string text = err.str();
  EXPECT_LT(text.size(), 10000u);
  EXPECT_NE(text.find("9800 more messages"), std::string::npos);
  EXPECT_NE(text.find("of another kind"), std::string::npos);
  EXPECT_NE(text.find("error: all of it"), std::string::npos);
}

TEST(ConsoleTest, ProgressWithAKnownEnd) {
  const Progress progress = {.frames = 50, .total = 200, .bytes = 1000};
  const std::string facts = " 25 %  50/200 frames  5.0 fps  ETA 0:30  1.0 kB of about 4.0 kB";
  EXPECT_EQ(ProgressLine(progress, 10, kPlain), facts);
  EXPECT_EQ(ProgressLine(progress, 10, Wide(kTerminal, 120)),
            "[======                  ] " + facts);
  EXPECT_EQ(ProgressLine(progress, 10, Wide(kColored, 120)),
            "[\x1b[36m======                  \x1b[0m] " + facts);
  // Nothing to divide by yet.
  EXPECT_EQ(ProgressLine({.frames = 0, .total = 200, .bytes = 0}, 0, kPlain),
            "  0 %  0/200 frames  0.0 fps");
  // More frames than the container promised.
  EXPECT_EQ(ProgressLine({.frames = 210, .total = 200}, 10, kTerminal),
            "[========================] 100 %  210/200 frames  21.0 fps  ETA 0:00");
}

TEST(ConsoleTest, ProgressFitsTheTerminal) {
  Progress progress = {.frames = 12345, .total = 200000, .bytes = 123456789, .crf = 32};
  for (const char* label : {"", "a label of some length"}) {
    progress.label = label;
    for (int columns = 1; columns < 200; ++columns) {
      EXPECT_LT(ProgressLine(progress, 3000, Wide(kTerminal, columns)).size(),
                static_cast<size_t>(std::max(columns, 2)));
    }
  }
  progress.crf = -1;
  progress.label = "";
  EXPECT_EQ(ProgressLine(progress, 3000, Wide(kTerminal, 80)),
            "[            ]   6 %  12345/200000 frames  4.1 fps  ETA 12:40:03  about 2.00 GB");
  EXPECT_EQ(ProgressLine(progress, 3000, Wide(kTerminal, 60)),
            "[              ]   6 %  12345/200000  4.1 fps  ETA 12:40:03");
  EXPECT_EQ(ProgressLine(progress, 3000, Wide(kTerminal, 46)),
            "  6 %  12345/200000  4.1 fps  ETA 12:40:03");
  EXPECT_EQ(ProgressLine(progress, 3000, Wide(kTerminal, 40)), "  6 %  12345/200000  ETA 12:40:03");
}

TEST(ConsoleTest, ProgressWithoutAKnownEnd) {
  EXPECT_EQ(ProgressLine({.frames = 50}, 10, kTerminal), "50 frames  5.0 fps");
  EXPECT_EQ(ProgressLine({.frames = 50, .bytes = 2000}, 10, kPlain), "50 frames  5.0 fps  2.0 kB");
}

TEST(ConsoleTest, ProgressOfWorkThatFramesDontMeasure) {
  Progress progress = {.frames = 50, .label = "x264-medium on a"};
  EXPECT_EQ(ProgressLine(progress, 10, kPlain), "50 frames  5.0 fps  x264-medium on a");
  progress.eta_seconds = 30;
  const std::string facts = " 25 %  50 frames  5.0 fps  ETA 0:30  x264-medium on a";
  EXPECT_EQ(ProgressLine(progress, 10, kPlain), facts);
  EXPECT_EQ(ProgressLine(progress, 10, kTerminal),
            ("[======                  ] " + facts).substr(0, 79));
  EXPECT_EQ(ProgressJson(progress, 10)["eta_seconds"], 30);
  EXPECT_EQ(ProgressJson(progress, 10)["label"], "x264-medium on a");
  // One row on terminals, colour not counted, characters whole; all of it in logs.
  progress.label = std::string(200, 'x');
  EXPECT_EQ(ProgressLine(progress, 10, kTerminal).size(), 79u);
  EXPECT_EQ(ProgressLine(progress, 10, kColored).size(), 79u + 9);
  EXPECT_EQ(ProgressLine(progress, 10, kPlain).size(), 37u + 200);
  for (const char* odd : {"", "x"}) {
    progress.label = odd;
    for (int i = 0; i < 100; ++i) progress.label += "\u00e9";
    const std::string cut = ProgressLine(progress, 10, kTerminal);
    EXPECT_GE(cut.size(), 78u);
    EXPECT_LE(cut.size(), 79u);
    EXPECT_EQ(cut.substr(cut.size() - 2), "\u00e9") << "half a character";
  }
}

TEST(ConsoleTest, ProgressAsJson) {
  const auto known = ProgressJson({.frames = 50, .total = 200, .bytes = 1000}, 10);
  EXPECT_EQ(known["type"], "progress");
  EXPECT_EQ(known["frames"], 50);
  EXPECT_EQ(known["total"], 200);
  EXPECT_DOUBLE_EQ(known["eta_seconds"], 30);
  EXPECT_EQ(known["projected_bytes"], 4000);
  const auto unknown = ProgressJson({.frames = 50}, 10);
  for (const char* key : {"total", "eta_seconds", "bytes", "projected_bytes"}) {
    EXPECT_FALSE(unknown.contains(key)) << key;
  }
}

TEST(ConsoleTest, ResultIsTheLastLine) {
  std::ostringstream out;
  std::ostringstream err;
  Console console(out, err);
  console.Configure({.json = true});
  console.Print("for people");
  console.Notice("worth knowing");
  EXPECT_EQ(console.Finish(InvalidStream("bad"), {{"frames", 3}}), 3);
  std::istringstream lines(out.str());
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(nlohmann::json::parse(line)["type"], "notice");
  std::getline(lines, line);
  const auto result = nlohmann::json::parse(line);
  EXPECT_EQ(result["type"], "result");
  EXPECT_EQ(result["success"], false);
  EXPECT_EQ(result["exit_code"], 3);
  EXPECT_EQ(result["message"], "bad");
  EXPECT_EQ(result["frames"], 3);
  EXPECT_FALSE(std::getline(lines, line));
  EXPECT_NE(err.str().find("error: bad"), std::string::npos);
}

TEST(ConsoleTest, LinesOfSeveralThreadsStayWhole) {
  std::ostringstream out;
  std::ostringstream err;
  Console console(out, err);
  console.Configure({.verbose = true});
  const auto talk = [&console] {
    for (int i = 0; i < Console::kMostMessages / 2; ++i) console.Detail("a detail");
  };
  std::thread other(talk);
  talk();
  other.join();
  std::istringstream lines(err.str());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) ASSERT_EQ(line, "furl: a detail");
  EXPECT_EQ(count, Console::kMostMessages);
}

TEST(ConsoleTest, QuietLeavesErrors) {
  std::ostringstream out;
  std::ostringstream err;
  Console console(out, err);
  console.Configure({.quiet = true});
  console.Say("done");
  console.Notice("note");
  console.Problem("damage");
  EXPECT_EQ(console.Finish(OkStatus()), 0);
  EXPECT_EQ(err.str(), "furl: damage\n");
}

}  // namespace
}  // namespace furl::cli
