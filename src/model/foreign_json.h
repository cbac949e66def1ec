// JSON files of measurements and settings, which may come from anybody. nlohmann's values are
// copied and written by recursion, as deep as they are nested: what is nested deeply is refused
// before it is one.

#ifndef FURL_MODEL_FOREIGN_JSON_H_
#define FURL_MODEL_FOREIGN_JSON_H_

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/status.h"

namespace furl::model {

// Objects and arrays within each other. Result files have 6.
inline constexpr int kMaxForeignDepth = 64;

// kInvalidStream: it is no JSON, and where, or nested too deeply.
Result<nlohmann::json> ParseForeignJson(std::string_view text);

// The same of a file; kIo or kLimitExceeded where it can't be read. Messages begin with the path.
Result<nlohmann::json> ReadForeignJson(const std::string& path, size_t max_bytes);

}  // namespace furl::model

#endif  // FURL_MODEL_FOREIGN_JSON_H_
