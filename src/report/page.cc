#include "report/page.h"

#include <string_view>
#include <utility>
#include <vector>

// The assembler copies a file in, as it does with the default model.
#define FURL_EMBED(symbol, file)          \
  asm(".section .rodata\n" #symbol        \
      "_begin:\n"                         \
      ".incbin \"" file "\"\n" #symbol    \
      "_end:\n"                           \
      ".byte 0\n"                         \
      ".previous\n");                     \
  extern "C" const char symbol##_begin[]; \
  extern "C" const char symbol##_end[]

FURL_EMBED(furl_page_report_html, FURL_PAGES_DIR "/report.html");
FURL_EMBED(furl_page_report_js, FURL_PAGES_DIR "/report.js");
FURL_EMBED(furl_page_compare_html, FURL_PAGES_DIR "/compare.html");
FURL_EMBED(furl_page_compare_js, FURL_PAGES_DIR "/compare.js");
FURL_EMBED(furl_page_common_css, FURL_PAGES_DIR "/common.css");
FURL_EMBED(furl_page_common_js, FURL_PAGES_DIR "/common.js");
FURL_EMBED(furl_uplot_js, FURL_UPLOT_DIR "/uPlot.iife.min.js");
FURL_EMBED(furl_uplot_css, FURL_UPLOT_DIR "/uPlot.min.css");
FURL_EMBED(furl_uplot_license, FURL_UPLOT_DIR "/LICENSE");

namespace furl::report {
namespace {

#define FURL_EMBEDDED(symbol) \
  std::string_view(symbol##_begin, static_cast<size_t>(symbol##_end - symbol##_begin))

// A script element ends at the first "</script", and "<!--" changes how it is
// read; without any "<" neither can occur in JSON.
std::string ScriptJson(const nlohmann::ordered_json& data) {
  const std::string text =
      data.dump(-1, ' ', /*ensure_ascii=*/false, nlohmann::ordered_json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace

std::string EscapeHtml(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::string BuildPage(PageKind kind, const std::string& title, const nlohmann::ordered_json& data) {
  const bool report = kind == PageKind::kReport;
  const std::string_view page =
      report ? FURL_EMBEDDED(furl_page_report_html) : FURL_EMBEDDED(furl_page_compare_html);
  const std::string style =
      std::string(FURL_EMBEDDED(furl_uplot_css)) + std::string(FURL_EMBEDDED(furl_page_common_css));
  std::string script = "/* uPlot:\n" + std::string(FURL_EMBEDDED(furl_uplot_license)) + "*/\n";
  script += FURL_EMBEDDED(furl_uplot_js);
  script += FURL_EMBEDDED(furl_page_common_js);
  script += report ? FURL_EMBEDDED(furl_page_report_js) : FURL_EMBEDDED(furl_page_compare_js);
  const std::pair<std::string_view, std::string> parts[] = {{"@TITLE@", EscapeHtml(title)},
                                                            {"@STYLE@", style},
                                                            {"@DATA@", ScriptJson(data)},
                                                            {"@SCRIPT@", script}};
  // The marks stand in this order, so that text put in is never searched.
  std::string result;
  size_t from = 0;
  for (const auto& [mark, text] : parts) {
    const size_t at = page.find(mark, from);
    if (at == std::string_view::npos) continue;  // a test holds every template to all marks
    result += page.substr(from, at - from);
    result += text;
    from = at + mark.size();
  }
  return result += page.substr(from);
}

}  // namespace furl::report
