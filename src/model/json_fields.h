// JsonFields: the members of a JSON object that somebody wrote by hand, with errors that say where
// and why: "zones[2].name: is missing".

#ifndef FURL_MODEL_JSON_FIELDS_H_
#define FURL_MODEL_JSON_FIELDS_H_

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/status.h"

namespace furl::model {

// All errors are kInvalidStream.
class JsonFields {
 public:
  // `value` is borrowed; `where` is what messages call it, empty for a whole file. An error unless
  // it is an object that has members of these names only, so that a misspelt one is noticed.
  static Result<JsonFields> Of(const nlohmann::json& value, std::string where,
                               std::initializer_list<std::string_view> names);

  // Null where there is none.
  const nlohmann::json* Find(std::string_view name) const;
  // The member's own place, for messages about it.
  std::string Place(std::string_view name) const;

  // What is there; an error where it is missing or out of its range.
  // Printable, of 1 to `most` bytes.
  Result<std::string> Text(std::string_view name, size_t most) const;
  Result<double> Number(std::string_view name, double least, double most) const;
  // The same, or `otherwise` where it is missing.
  Result<double> Number(std::string_view name, double least, double most, double otherwise) const;

  // Calls item(element, its place) for each element of an array of at most so many; for none where
  // the member is missing. Ends with the first error.
  using ItemFn = std::function<Status(const nlohmann::json& item, const std::string& place)>;
  Status ForEach(std::string_view name, size_t most, const ItemFn& item) const;

 private:
  JsonFields(const nlohmann::json& value, std::string where)
      : value_(&value), where_(std::move(where)) {}

  const nlohmann::json* value_;
  std::string where_;
};

// The numbers of an array of exactly so many, each from 0 to 1: places in a picture.
Result<std::vector<double>> PartsOf(const nlohmann::json& array, size_t count,
                                    const std::string& where);

}  // namespace furl::model

#endif  // FURL_MODEL_JSON_FIELDS_H_
