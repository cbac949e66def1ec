#include "model/json_fields.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace furl::model {
namespace {

using nlohmann::json;

Status Wrong(const std::string& where, const std::string& what) {
  return InvalidStream(where.empty() ? what : where + ": " + what);
}

// Without zeros at the end.
std::string ShortText(double number) { return json(number).dump(); }

Result<double> NumberIn(const json& value, double least, double most, const std::string& where) {
  if (!value.is_number()) return Wrong(where, "is no number");
  const auto number = value.get<double>();
  if (number >= least && number <= most) return number;
  return Wrong(where,
               ShortText(number) + " is out of " + ShortText(least) + " to " + ShortText(most));
}

}  // namespace

Result<JsonFields> JsonFields::Of(const json& value, std::string where,
                                  std::initializer_list<std::string_view> names) {
  if (!value.is_object()) return Wrong(where, "is no object ({...})");
  const JsonFields fields(value, std::move(where));
  for (const auto& [name, member] : value.items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    std::string known;
    for (const std::string_view one : names)
      known += (known.empty() ? "" : ", ") + std::string(one);
    return Wrong(fields.Place(name), "is not known here; there are " + known);
  }
  return fields;
}

const json* JsonFields::Find(std::string_view name) const {
  const auto it = value_->find(std::string(name));
  return it != value_->end() ? &*it : nullptr;
}

std::string JsonFields::Place(std::string_view name) const {
  return where_.empty() ? std::string(name) : where_ + "." + std::string(name);
}

Result<std::string> JsonFields::Text(std::string_view name, size_t most) const {
  const json* value = Find(name);
  if (value == nullptr) return Wrong(Place(name), "is missing");
  if (!value->is_string()) return Wrong(Place(name), "is no text");
  const auto& text = value->get_ref<const std::string&>();
  if (text.empty()) return Wrong(Place(name), "is empty");
  if (text.size() > most) {
    return Wrong(Place(name), "is longer than " + std::to_string(most) + " bytes");
  }
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), is_control)) {
    return Wrong(Place(name), "has control characters");
  }
  return text;
}

Result<double> JsonFields::Number(std::string_view name, double least, double most) const {
  const json* value = Find(name);
  if (value == nullptr) return Wrong(Place(name), "is missing");
  return NumberIn(*value, least, most, Place(name));
}

Result<double> JsonFields::Number(std::string_view name, double least, double most,
                                  double otherwise) const {
  return Find(name) == nullptr ? otherwise : Number(name, least, most);
}

Status JsonFields::ForEach(std::string_view name, size_t most, const ItemFn& item) const {
  const json* array = Find(name);
  if (array == nullptr) return OkStatus();
  if (!array->is_array()) return Wrong(Place(name), "is no list ([...])");
  if (array->size() > most) {
    return Wrong(Place(name), "has " + std::to_string(array->size()) + " elements; at most " +
                                  std::to_string(most) + " are taken");
  }
  for (size_t i = 0; i < array->size(); ++i) {
    FURL_RETURN_IF_ERROR(item((*array)[i], Place(name) + "[" + std::to_string(i) + "]"));
  }
  return OkStatus();
}

Result<std::vector<double>> PartsOf(const json& array, size_t count, const std::string& where) {
  if (!array.is_array() || array.size() != count) {
    return Wrong(where, "is no list of " + std::to_string(count) + " numbers");
  }
  std::vector<double> parts;
  for (const json& value : array) {
    FURL_ASSIGN_OR_RETURN(const double part, NumberIn(value, 0, 1, where));
    parts.push_back(part);
  }
  return parts;
}

}  // namespace furl::model
