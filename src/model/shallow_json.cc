#include "model/shallow_json.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>

namespace furl::model {
namespace {

using Json = nlohmann::json;

// As text, any value that has no members.
std::string TextOf(const Json& leaf) {
  return leaf.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

}  // namespace

std::optional<int64_t> JsonValue::integer() const {
  if (const auto* v = std::get_if<int64_t>(&value_)) return *v;
  const auto* v = std::get_if<uint64_t>(&value_);
  if (v == nullptr || *v > uint64_t{std::numeric_limits<int64_t>::max()}) return std::nullopt;
  return static_cast<int64_t>(*v);
}

std::optional<uint64_t> JsonValue::natural() const {
  const auto* v = std::get_if<uint64_t>(&value_);
  return v != nullptr ? std::optional(*v) : std::nullopt;
}

std::optional<double> JsonValue::number() const {
  if (const auto* v = std::get_if<double>(&value_)) return *v;
  if (const auto* v = std::get_if<int64_t>(&value_)) return static_cast<double>(*v);
  if (const auto* v = std::get_if<uint64_t>(&value_)) return static_cast<double>(*v);
  return std::nullopt;
}

const JsonValue* JsonValue::Find(std::string_view name) const {
  const Object* members = object();
  if (members == nullptr) return nullptr;
  const auto it = members->find(std::string(name));
  return it != members->end() ? &it->second : nullptr;
}

void JsonValue::AppendTo(std::string* text) const {
  if (const Object* members = object()) {
    char before = '{';
    for (const auto& [name, value] : *members) {
      *text += std::exchange(before, ',');
      AppendJsonText(name, text);
      *text += ':';
      value.AppendTo(text);
    }
    *text += members->empty() ? "{}" : "}";
  } else if (const Array* items = array()) {
    char before = '[';
    for (const JsonValue& value : *items) {
      *text += std::exchange(before, ',');
      value.AppendTo(text);
    }
    *text += items->empty() ? "[]" : "]";
  } else {
    std::visit(
        [text](const auto& value) {
          using T = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<T, std::monostate>) {
            *text += "null";
          } else if constexpr (!std::is_same_v<T, Array> && !std::is_same_v<T, Object>) {
            *text += TextOf(value);
          }
        },
        value_);
  }
}

void AppendJsonText(const std::string& value, std::string* text) { *text += TextOf(value); }

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

// Makes a JsonValue of what nlohmann's parser comes across, which stops at the first `false`.
class JsonBuilder {
 public:
  explicit JsonBuilder(int max_depth) : max_depth_(static_cast<size_t>(max_depth)) {}

  JsonValue Take() { return std::move(root_); }

  bool null() { return Add(JsonValue()) != nullptr; }
  bool boolean(bool value) { return Add(JsonValue(value)) != nullptr; }
  bool number_integer(int64_t value) { return Add(JsonValue(value)) != nullptr; }
  bool number_unsigned(uint64_t value) { return Add(JsonValue(value)) != nullptr; }
  bool number_float(double value, const std::string&) { return Add(JsonValue(value)) != nullptr; }
  bool string(std::string& value) { return Add(JsonValue(std::move(value))) != nullptr; }
  bool binary(Json::binary_t&) { return false; }  // not in texts
  bool start_object(size_t) { return Open(JsonValue(JsonValue::Object())); }
  bool start_array(size_t) { return Open(JsonValue(JsonValue::Array())); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }
  bool key(std::string& name) {
    name_ = std::move(name);
    return true;
  }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) { return false; }

 private:
  // Puts a value where the text has it. The place stays valid while it is open.
  JsonValue* Add(JsonValue value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (auto* items = std::get_if<JsonValue::Array>(&open_.back()->value_)) {
      return &items->emplace_back(std::move(value));
    }
    JsonValue& member = std::get<JsonValue::Object>(open_.back()->value_)[name_];
    member = std::move(value);
    return &member;
  }
  bool Open(JsonValue value) {
    if (open_.size() == max_depth_) return false;
    open_.push_back(Add(std::move(value)));
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  const size_t max_depth_;
  JsonValue root_;
  std::string name_;              // of the next member
  std::vector<JsonValue*> open_;  // objects and arrays, outermost first
};

JsonValue ParseShallowJson(std::string_view text, int max_depth) {
  JsonBuilder builder(max_depth);
  if (!Json::sax_parse(text, &builder)) return JsonValue();
  return builder.Take();
}

}  // namespace furl::model
