#include "model/shallow_json.h"

#include <algorithm>
#include <cstddef>

namespace furl::model {

int JsonDepth(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') ++i;  // what follows neither ends the string nor escapes
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '{' || c == '[') deepest = std::max(deepest, ++depth);
    if (c == '}' || c == ']') --depth;
  }
  return deepest;
}

nlohmann::json ParseShallowJson(std::string_view text, int max_depth) {
  if (JsonDepth(text) > max_depth) return nullptr;
  nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return nullptr;
  return json;
}

}  // namespace furl::model
