// Text in pages.

#ifndef FURL_BASE_HTML_H_
#define FURL_BASE_HTML_H_

#include <string>
#include <string_view>

namespace furl {

// Text for element content and quoted attributes.
std::string EscapeHtml(std::string_view text);

}  // namespace furl

#endif  // FURL_BASE_HTML_H_
