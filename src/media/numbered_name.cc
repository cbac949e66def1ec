#include "media/numbered_name.h"

#include <charconv>
#include <string_view>

namespace furl::media {

Result<NumberedName> NumberedName::Parse(const std::string& path) {
  constexpr size_t kMostDigits = 3;  // of the width: "%" and two more
  NumberedName name;
  name.path_ = path;
  for (size_t at = path.find('%'); at != std::string::npos; at = path.find('%', at + 1)) {
    size_t end = at + 1;
    while (end < path.size() && path[end] >= '0' && path[end] <= '9') ++end;
    const bool fits = end < path.size() && path[end] == 'd' && end - at <= kMostDigits;
    if (!fits || name.has_number()) {
      return InvalidArgument(path + ": a name for pictures has one %d or %04d");
    }
    name.begin_ = at;
    name.end_ = end + 1;
    if (end > at + 1) name.digits_ = std::stoi(path.substr(at + 1, end - at - 1));
  }
  return name;
}

std::string NumberedName::Name(int64_t number) const {
  if (!has_number()) return path_;
  std::string text = std::to_string(number);
  const auto digits = static_cast<size_t>(digits_);
  if (text.size() < digits) text.insert(0, digits - text.size(), '0');
  return path_.substr(0, begin_) + text + path_.substr(end_);
}

int64_t NumberedName::NumberOf(const std::string& name) const {
  const size_t fixed = path_.size() - (end_ - begin_);
  if (!has_number() || name.size() <= fixed) return 0;
  const std::string_view text = std::string_view(name).substr(begin_, name.size() - fixed);
  int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number > 0 && Name(number) == name ? number : 0;
}

}  // namespace furl::media
