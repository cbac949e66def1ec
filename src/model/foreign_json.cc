#include "model/foreign_json.h"

#include <utility>

#include "base/file.h"
#include "model/shallow_json.h"

namespace furl::model {

Result<nlohmann::json> ParseForeignJson(std::string_view text) {
  if (JsonDepth(text) > kMaxForeignDepth) return InvalidStream("is nested too deeply");
  auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return InvalidStream("is not JSON");
  return json;
}

Result<nlohmann::json> ReadForeignJson(const std::string& path, size_t max_bytes) {
  FURL_ASSIGN_OR_RETURN(const auto bytes, ReadFile(path, max_bytes));
  auto json = ParseForeignJson({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!json.ok()) return InvalidStream(path + " " + json.status().message());
  return json;
}

}  // namespace furl::model
