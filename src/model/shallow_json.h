// JSON texts of files that nobody vouches for.

#ifndef FURL_MODEL_SHALLOW_JSON_H_
#define FURL_MODEL_SHALLOW_JSON_H_

#include <nlohmann/json.hpp>
#include <string_view>

namespace furl::model {

// How deep objects and arrays are nested in a JSON text; of any other text, some number.
int JsonDepth(std::string_view text);

// The value that `text` holds, or null where it is no JSON or where objects and arrays are
// nested more than `max_depth` deep (what reads or writes a value may recurse). Takes time in
// proportion to the text, which the parser's own callback, the other way to limit depth, doesn't.
nlohmann::json ParseShallowJson(std::string_view text, int max_depth);

}  // namespace furl::model

#endif  // FURL_MODEL_SHALLOW_JSON_H_
