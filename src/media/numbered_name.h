// NumberedName: "shot%04d.png" for shot0001.png, shot0002.png and so on.

#ifndef FURL_MEDIA_NUMBERED_NAME_H_
#define FURL_MEDIA_NUMBERED_NAME_H_

#include <cstdint>
#include <string>

#include "base/status.h"

namespace furl::media {

class NumberedName {
 public:
  // `path` has "%d" or, with up to two digits of width, "%04d" once, or no number at all.
  // kInvalidArgument for any other percent sign.
  static Result<NumberedName> Parse(const std::string& path);

  bool has_number() const { return begin_ != std::string::npos; }
  // The name of one, from 1; the path itself if it has no number.
  std::string Name(int64_t number) const;
  // The number whose name is `name`, 0 if it is none of them.
  int64_t NumberOf(const std::string& name) const;

 private:
  std::string path_;
  size_t begin_ = std::string::npos;  // of the place of the number
  size_t end_ = 0;
  int digits_ = 1;  // at least
};

}  // namespace furl::media

#endif  // FURL_MEDIA_NUMBERED_NAME_H_
