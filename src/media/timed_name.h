// TimedName: "front/%D/%T.mkv" for front/2026-11-30/12-00-00.mkv, the file of that time (UTC).

#ifndef FURL_MEDIA_TIMED_NAME_H_
#define FURL_MEDIA_TIMED_NAME_H_

#include <cstdint>
#include <string>

#include "base/status.h"

namespace furl::media {

class TimedName {
 public:
  // `path` has "%D" once, a day, and behind it at most one "%T", a time. kInvalidArgument for any
  // other percent sign.
  static Result<TimedName> Parse(const std::string& path);

  // Of a time in milliseconds since 1970, above 0 and before the year 10000. Those of a second
  // that isn't whole say so: 12-00-00-250. Without "%T" all of a day have one name.
  std::string Name(int64_t unix_ms) const;
  // The time whose name is `name`, without "%T" the day's first millisecond that is above 0; 0 if
  // it is none of them.
  int64_t TimeOf(const std::string& name) const;

 private:
  std::string before_;   // "front/"
  std::string between_;  // "/"
  std::string behind_;   // ".mkv"
  bool has_time_ = false;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_TIMED_NAME_H_
