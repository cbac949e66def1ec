// What lies in a folder.

#ifndef FURL_BASE_FOLDER_H_
#define FURL_BASE_FOLDER_H_

#include <string>
#include <vector>

namespace furl {

// The names of what is in it, in any order; none where it can't be read. Throws std::bad_alloc
// where memory runs out: libstdc++'s directory_iterator ends the process then.
std::vector<std::string> NamesIn(const std::string& folder);

}  // namespace furl

#endif  // FURL_BASE_FOLDER_H_
