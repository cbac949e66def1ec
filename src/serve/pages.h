// The pages of the server: what a folder holds, and one video with its player. Names of files may
// hold any bytes; none becomes markup.

#ifndef FURL_SERVE_PAGES_H_
#define FURL_SERVE_PAGES_H_

#include <string>
#include <string_view>
#include <vector>

#include "serve/listing.h"

namespace furl::serve {

std::string FolderPage(const std::vector<std::string>& names, const Listing& listing);

// `player`: whether the server has furl's. Without it the browser's own plays what it can, and the
// page says what is missing.
std::string PlayPage(const std::vector<std::string>& names, bool player);

// The looks of both, at kStyleLink.
std::string_view PageStyle();

// Links of the server itself begin with this, as no file's does (serve/request_path.h).
inline constexpr char kOwnName[] = ".furl";
inline constexpr char kPlayName[] = "play";
inline constexpr char kPlayerName[] = "player";
inline constexpr char kStyleName[] = "page.css";

}  // namespace furl::serve

#endif  // FURL_SERVE_PAGES_H_
