#include "cli/encode/output_template.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "cli/options/suggest.h"

namespace furl::cli {
namespace {

Status NoSuchWord(std::string_view text, const std::string& name) {
  const std::vector<std::string> known(std::begin(OutputTemplate::kNames),
                                       std::end(OutputTemplate::kNames));
  std::string all;
  for (const std::string& one : known) all += (all.empty() ? "{" : ", {") + one + "}";
  const std::string nearest = Nearest(name, known);
  return InvalidArgument(
      std::string(text) + ": there is no {" + name + "}" +
      (nearest.empty() ? "; there are " + all : "; did you mean {" + nearest + "}?"));
}

}  // namespace

Result<OutputTemplate> OutputTemplate::Parse(std::string_view text) {
  OutputTemplate result;
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '{' && c != '}') {
      plain += c;
      continue;
    }
    if (i + 1 < text.size() && text[i + 1] == c) {
      plain += c;
      ++i;
      continue;
    }
    const size_t end = c == '{' ? text.find('}', i) : std::string_view::npos;
    if (end == std::string_view::npos) {
      return InvalidArgument(std::string(text) + ": a brace alone (" + std::string(2, c) +
                             " is one in the name)");
    }
    const std::string name(text.substr(i + 1, end - i - 1));
    if (std::ranges::find(kNames, name) == std::end(kNames)) return NoSuchWord(text, name);
    result.parts_.push_back({false, plain});
    result.parts_.push_back({true, name});
    plain.clear();
    i = end;
  }
  result.parts_.push_back({false, plain});
  return result;
}

bool OutputTemplate::Has(std::string_view name) const {
  return std::ranges::any_of(
      parts_, [name](const Part& part) { return part.is_name && part.text == name; });
}

std::string OutputTemplate::Fill(const std::map<std::string_view, std::string>& values) const {
  std::string path;
  for (const Part& part : parts_) {
    const auto value = values.find(part.text);
    if (!part.is_name) {
      path += part.text;
    } else if (value != values.end()) {
      path += value->second;
    }
  }
  return std::filesystem::path(path).lexically_normal().string();
}

}  // namespace furl::cli
