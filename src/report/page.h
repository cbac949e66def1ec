// Pages: one HTML file each that needs no network, put together from the
// templates in src/report/pages and the plotting library in third_party/uplot,
// both embedded at build time.

#ifndef FURL_REPORT_PAGE_H_
#define FURL_REPORT_PAGE_H_

#include <nlohmann/json.hpp>
#include <string>

namespace furl::report {

enum class PageKind { kReport, kCompare };

// The whole page. `title` is plain text; `data` is what the page's script
// shows, and may hold any text: nothing in it can become markup or code.
// Strings that are not UTF-8 (file names) are repaired.
std::string BuildPage(PageKind kind, const std::string& title, const nlohmann::ordered_json& data);

}  // namespace furl::report

#endif  // FURL_REPORT_PAGE_H_
