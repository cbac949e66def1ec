// Pages: one HTML file each that needs no network, put together from the
// templates in src/report/pages and the plotting library in third_party/uplot,
// both embedded at build time.

#ifndef FURL_REPORT_PAGE_H_
#define FURL_REPORT_PAGE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace furl::report {

// What one kind of page adds to the template that all share.
struct PageParts {
  std::string_view generator;    // the command that makes it
  std::string_view body;         // HTML
  std::string_view style;        // CSS
  std::string_view more_script;  // before `script`; may be empty
  std::string_view script;
};

enum class PageKind { kReport, kCompare };

// The whole page. `title` is plain text; `data` is what the page's script
// shows, and may hold any text: nothing in it can become markup or code.
// Strings that are not UTF-8 (file names) are repaired.
std::string BuildPage(const PageParts& parts, const std::string& title,
                      const nlohmann::ordered_json& data);
// The same with the parts of the pages of this module.
std::string BuildPage(PageKind kind, const std::string& title, const nlohmann::ordered_json& data);

}  // namespace furl::report

#endif  // FURL_REPORT_PAGE_H_
