#include "document/roff.h"

#include <sstream>

namespace furl::document {

std::string Roff(const std::string& text) {
  std::string roff;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) roff += "\\&";  // else it would be a request
    line_begins = c == '\n';
    switch (c) {
      case '\\': roff += "\\e"; break;
      case '-': roff += "\\-"; break;
      case '\'': roff += "\\(aq"; break;
      case '`': roff += "\\(ga"; break;
      case '^': roff += "\\(ha"; break;
      case '~': roff += "\\(ti"; break;
      default: roff += c;
    }
  }
  return roff;
}

std::string Bold(const std::string& text) { return "\\fB" + Roff(text) + "\\fR"; }
std::string Italic(const std::string& text) { return "\\fI" + Roff(text) + "\\fR"; }

std::string RoffText(const std::string& text) {
  std::istringstream lines(text);
  std::string roff, line;
  bool verbatim = false, paragraph = false, heading = true;
  while (std::getline(lines, line)) {
    const bool wanted = line.starts_with("  ");
    if (verbatim && !wanted) roff += ".EE\n";
    if (line.empty()) {
      paragraph = true;
    } else if (wanted) {
      if (!verbatim) roff += heading ? ".EX\n" : ".PP\n.EX\n";
      roff += Roff(line.substr(2)) + "\n";
      heading = false;
    } else if (line.ends_with(':') && lines.peek() == ' ') {
      roff += ".SS " + Roff(line.substr(0, line.size() - 1)) + "\n";
      heading = true;
      paragraph = false;
    } else {
      if (paragraph || verbatim) roff += ".PP\n";
      roff += Roff(line) + "\n";
      heading = paragraph = false;
    }
    verbatim = wanted;
  }
  return verbatim ? roff + ".EE\n" : roff;
}

}  // namespace furl::document
