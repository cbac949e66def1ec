// The path of a request, taken apart. Nothing here looks at the disk.

#ifndef FURL_SERVE_REQUEST_PATH_H_
#define FURL_SERVE_REQUEST_PATH_H_

#include <string>
#include <string_view>
#include <vector>

namespace furl::serve {

enum class PathRefusal {
  kNone,
  kMalformed,  // not a path, or one that no file can have
  kTraversal,  // ".." in any spelling
  kHidden,     // a name that begins with a dot
  kTemporary,  // what a writer hasn't finished
};

struct RequestPath {
  PathRefusal refusal = PathRefusal::kNone;
  std::vector<std::string> names;  // decoded, from the folder that is served; none: itself
  bool folder = false;             // ends with a slash
};

// Of a request target as it came: "/a%20b/c.mkv?query" or "http://host/...". Names hold any bytes
// but zero and slash, and none is "", "." or "..". A first name ".furl" is let pass: it is the
// server's own (serve/site.h).
RequestPath ParseRequestPath(std::string_view target);

// Inverse, for links: "/a%20b/c.mkv", with a slash behind if `folder`.
std::string LinkTo(const std::vector<std::string>& names, bool folder);

// Whether files and folders of that name are neither served nor listed.
PathRefusal RefusalOf(std::string_view name);

// The longest target; longer ones are kMalformed.
inline constexpr size_t kLongestTarget = 4096;

}  // namespace furl::serve

#endif  // FURL_SERVE_REQUEST_PATH_H_
