// The one line that shows how far long work is: the bar of `furl encode`, `furl-train` and all
// others.

#ifndef FURL_PROGRESS_PROGRESS_LINE_H_
#define FURL_PROGRESS_PROGRESS_LINE_H_

#include <cstdint>
#include <string>

namespace furl {

struct Progress {
  int64_t frames = 0;       // or steps, as `unit` says
  int64_t total = -1;       // -1: unknown
  int64_t bytes = -1;       // written so far; -1: doesn't matter
  int crf = -1;             // being tried; -1: none
  double eta_seconds = -1;  // to the end, where frames and total don't tell; -1: unknown
  std::string label;        // what is at work; printable
  int64_t first = 0;        // of the frames, those that were done before the clock started
  const char* unit = "frames";
  const char* speed_unit = "fps";
};

struct LineStyle {
  bool terminal = false;  // one row, with a bar; otherwise all facts
  bool color = false;
  int columns = 80;  // of the terminal
};

// As far as it can be told.
struct Outlook {
  double done = -1;  // 0 to 1
  double eta_seconds = -1;
};
Outlook OutlookOf(const Progress& progress, double seconds);

// Frames per second, `seconds` after the start.
double SpeedOf(const Progress& progress, double seconds);

// On terminals one row, with a bar and as many facts as it has room for.
std::string ProgressLine(const Progress& progress, double seconds, const LineStyle& style);

// Shows a line on a terminal in the place of the last one: goes before and behind it. Wider than
// the terminal got meanwhile it must not wrap, for it couldn't be taken back.
inline constexpr char kLineBegin[] = "\r\x1b[?7l";
inline constexpr char kLineEnd[] = "\x1b[K\x1b[?7h";
// Removes it.
inline constexpr char kNoLine[] = "\r\x1b[K";

// "1.2 MB"; "3:04" or "1:02:03".
std::string HumanBytes(double bytes);
std::string HumanTime(double seconds);

}  // namespace furl

#endif  // FURL_PROGRESS_PROGRESS_LINE_H_
