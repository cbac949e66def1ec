#include "model/foreign_json.h"

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "model/shallow_json.h"

namespace furl::model {
namespace {

// Of the byte that the parser stopped at, from 1.
Status NotJson(std::string_view text, size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte > 0 ? byte - 1 : 0, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  return InvalidStream("is not JSON (line " + std::to_string(line) + ", column " +
                       std::to_string(column) + ")");
}

}  // namespace

Result<nlohmann::json> ParseForeignJson(std::string_view text) {
  if (JsonDepth(text) > kMaxForeignDepth) return InvalidStream("is nested too deeply");
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& e) {
    return NotJson(text, e.byte);
  } catch (const nlohmann::json::exception&) {  // a number out of every range
    return InvalidStream("is not JSON that can be held");
  }
}

Result<nlohmann::json> ReadForeignJson(const std::string& path, size_t max_bytes) {
  FURL_ASSIGN_OR_RETURN(const auto bytes, ReadFile(path, max_bytes));
  auto json = ParseForeignJson({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!json.ok()) return InvalidStream(path + " " + json.status().message());
  return json;
}

}  // namespace furl::model
