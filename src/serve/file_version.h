// Which version of a file a client has (RFC 9110, section 13): ETag, dates, conditions.

#ifndef FURL_SERVE_FILE_VERSION_H_
#define FURL_SERVE_FILE_VERSION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace furl::serve {

// What tells two versions of a file apart.
struct FileVersion {
  uint64_t inode = 0;
  int64_t size = 0;
  int64_t seconds = 0;  // of its last change, since 1970
  int64_t nanoseconds = 0;
};

// A strong one: writers make files under another name, so a change of bytes is another inode, time
// or size. Quotes included.
std::string EtagOf(const FileVersion& version);

// "Sun, 06 Nov 1994 08:49:37 GMT", which is the only form that is made and read (the two obsolete
// ones count as no date). `seconds` are since 1970; those before, and after the year 9999, are
// written as the nearest that can be.
std::string HttpDate(int64_t seconds);
std::optional<int64_t> ParseHttpDate(std::string_view text);

// The headers of a request of these names, empty where they are missing.
struct Conditions {
  std::string_view if_none_match;
  std::string_view if_modified_since;
  std::string_view if_range;
};

// Whether the client has this version already: 304.
bool IsUnchanged(const Conditions& conditions, const FileVersion& version);

// Whether a range is of the version that the client has the rest of; else it gets the whole file.
bool RangeHolds(const Conditions& conditions, const FileVersion& version);

}  // namespace furl::serve

#endif  // FURL_SERVE_FILE_VERSION_H_
