#include "serve/request_path.h"

#include <optional>

namespace furl::serve {
namespace {

constexpr size_t kDeepest = 64;
// Of furl's own writers (base/file.h, media/output_place.h), ffmpeg's, and downloads.
constexpr std::string_view kTemporaryEnds[] = {".furl-part", ".tmp", ".part"};

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// None for what no name can be.
std::optional<std::string> DecodeName(std::string_view text) {
  std::string name;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      const int high = i + 1 < text.size() ? HexValue(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0' || c == '/') return std::nullopt;
    name += c;
  }
  return name;
}

// Proxies name the whole address.
std::string_view WithoutOrigin(std::string_view target) {
  constexpr std::string_view kScheme = "http://";
  if (!target.starts_with(kScheme)) return target;
  const size_t slash = target.find('/', kScheme.size());
  return slash == std::string_view::npos ? "/" : target.substr(slash);
}

PathRefusal AddName(std::string_view text, RequestPath* path) {
  const auto name = DecodeName(text);
  if (!name || path->names.size() == kDeepest) return PathRefusal::kMalformed;
  if (name->empty() || *name == ".") return PathRefusal::kNone;
  if (*name == "..") return PathRefusal::kTraversal;
  if (!path->names.empty() || *name != ".furl") {
    const PathRefusal refusal = RefusalOf(*name);
    if (refusal != PathRefusal::kNone) return refusal;
  }
  path->names.push_back(*name);
  return PathRefusal::kNone;
}

}  // namespace

PathRefusal RefusalOf(std::string_view name) {
  if (name.starts_with('.')) return PathRefusal::kHidden;
  for (const std::string_view end : kTemporaryEnds) {
    if (name.ends_with(end)) return PathRefusal::kTemporary;
  }
  return PathRefusal::kNone;
}

RequestPath ParseRequestPath(std::string_view target) {
  RequestPath path;
  if (target.size() > kLongestTarget) return {PathRefusal::kMalformed, {}, false};
  target = WithoutOrigin(target);
  target = target.substr(0, target.find_first_of("?#"));
  if (!target.starts_with('/')) return {PathRefusal::kMalformed, {}, false};
  while (!target.empty()) {
    target.remove_prefix(1);  // the slash
    const std::string_view text = target.substr(0, target.find('/'));
    const PathRefusal refusal = AddName(text, &path);
    if (refusal != PathRefusal::kNone) return {refusal, {}, false};
    target.remove_prefix(text.size());
    path.folder = text.empty() || text == ".";
  }
  return path;
}

std::string LinkTo(const std::vector<std::string>& names, bool folder) {
  constexpr char kHex[] = "0123456789ABCDEF";
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string link;
  for (const std::string& name : names) {
    link += '/';
    for (const char c : name) {
      if (kPlain.find(c) != std::string_view::npos) {
        link += c;
      } else {
        const auto byte = static_cast<unsigned char>(c);
        link.append({'%', kHex[byte >> 4], kHex[byte & 15]});
      }
    }
  }
  return folder || names.empty() ? link + '/' : link;
}

}  // namespace furl::serve
