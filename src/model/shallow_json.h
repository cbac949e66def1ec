// JSON texts of files that nobody vouches for, for code that may run out of memory at any time.

#ifndef FURL_MODEL_SHALLOW_JSON_H_
#define FURL_MODEL_SHALLOW_JSON_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace furl::model {

// A JSON value. nlohmann's own needs memory to be destroyed, and ends the process where there is
// none; this one is destroyed by a recursion as deep as the value, so it is only for shallow ones.
class JsonValue {
 public:
  using Array = std::vector<JsonValue>;
  using Object = std::map<std::string, JsonValue>;  // of equal names the last one counts

  JsonValue() = default;  // null
  template <typename T>
  explicit JsonValue(T value) : value_(std::move(value)) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  // What the value is, or null where it is something else.
  const bool* flag() const { return std::get_if<bool>(&value_); }
  const std::string* text() const { return std::get_if<std::string>(&value_); }
  const Array* array() const { return std::get_if<Array>(&value_); }
  const Object* object() const { return std::get_if<Object>(&value_); }
  std::optional<int64_t> integer() const;   // of any sign
  std::optional<uint64_t> natural() const;  // not below 0
  std::optional<double> number() const;     // an integer, too

  // The member of that name; null where there is none, or where this is no object.
  const JsonValue* Find(std::string_view name) const;

  // Appends the text of the value: without spaces, names in order, nothing but ASCII.
  void AppendTo(std::string* text) const;

 private:
  friend class JsonBuilder;

  std::variant<std::monostate, bool, int64_t, uint64_t, double, std::string, Array, Object> value_;
};

// How deep objects and arrays are nested in a JSON text; of any other text, some number.
int JsonDepth(std::string_view text);

// The value that `text` holds, or null where it is no JSON or where objects and arrays are
// nested more than `max_depth` deep. Takes time in proportion to the text.
JsonValue ParseShallowJson(std::string_view text, int max_depth);

// Appends a text as a JSON string of ASCII characters, quotes included.
void AppendJsonText(const std::string& value, std::string* text);

}  // namespace furl::model

#endif  // FURL_MODEL_SHALLOW_JSON_H_
