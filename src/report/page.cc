#include "report/page.h"

#include <initializer_list>
#include <string_view>
#include <utility>

#include "base/embed.h"
#include "base/html.h"

FURL_EMBED(furl_page_html, FURL_PAGES_DIR "/page.html");
FURL_EMBED(furl_page_report_html, FURL_PAGES_DIR "/report.html");
FURL_EMBED(furl_page_report_css, FURL_PAGES_DIR "/report.css");
FURL_EMBED(furl_page_report_js, FURL_PAGES_DIR "/report.js");
FURL_EMBED(furl_page_report_pictures_js, FURL_PAGES_DIR "/report_pictures.js");
FURL_EMBED(furl_page_compare_html, FURL_PAGES_DIR "/compare.html");
FURL_EMBED(furl_page_compare_css, FURL_PAGES_DIR "/compare.css");
FURL_EMBED(furl_page_compare_js, FURL_PAGES_DIR "/compare.js");
FURL_EMBED(furl_page_common_css, FURL_PAGES_DIR "/common.css");
FURL_EMBED(furl_page_common_js, FURL_PAGES_DIR "/common.js");
FURL_EMBED(furl_uplot_js, FURL_UPLOT_DIR "/uPlot.iife.min.js");
FURL_EMBED(furl_uplot_css, FURL_UPLOT_DIR "/uPlot.min.css");
FURL_EMBED(furl_uplot_license, FURL_UPLOT_DIR "/LICENSE");

namespace furl::report {
namespace {

const PageParts kReportParts = {
    "furl eval", FURL_EMBEDDED(furl_page_report_html), FURL_EMBEDDED(furl_page_report_css),
    FURL_EMBEDDED(furl_page_report_pictures_js), FURL_EMBEDDED(furl_page_report_js)};
const PageParts kCompareParts = {"furl compare", FURL_EMBEDDED(furl_page_compare_html),
                                 FURL_EMBEDDED(furl_page_compare_css), "",
                                 FURL_EMBEDDED(furl_page_compare_js)};

std::string Joined(std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (const std::string_view part : parts) joined += part;
  return joined;
}

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

std::string BuildPage(PageKind kind, const std::string& title, const nlohmann::ordered_json& data) {
  return BuildPage(kind == PageKind::kReport ? kReportParts : kCompareParts, title, data);
}

std::string BuildPage(const PageParts& own, const std::string& title,
                      const nlohmann::ordered_json& data) {
  const std::string style =
      Joined({FURL_EMBEDDED(furl_uplot_css), FURL_EMBEDDED(furl_page_common_css), own.style});
  const std::string script = Joined(
      {"/* uPlot:\n", FURL_EMBEDDED(furl_uplot_license), "*/\n", FURL_EMBEDDED(furl_uplot_js),
       FURL_EMBEDDED(furl_page_common_js), own.more_script, own.script});
  const std::string safe_title = EscapeHtml(title);
  const std::string json = ScriptJson(data);
  const std::pair<std::string_view, std::string_view> marks[] = {
      {"@GENERATOR@", own.generator}, {"@TITLE@", safe_title}, {"@STYLE@", style},
      {"@BODY@", own.body},           {"@DATA@", json},        {"@SCRIPT@", script}};
  // The marks stand in this order, so that text put in is never searched.
  std::string_view rest = FURL_EMBEDDED(furl_page_html);
  std::string result;
  for (const auto& [mark, text] : marks) {
    const size_t at = rest.find(mark);
    if (at == std::string_view::npos) continue;  // a test holds the template to all marks
    result.append(rest.substr(0, at)).append(text);
    rest.remove_prefix(at + mark.size());
  }
  return result.append(rest);
}

}  // namespace furl::report
