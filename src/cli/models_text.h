// What `furl models` prints: lines of at most 80 columns, but for paths and words that are longer.

#ifndef FURL_CLI_MODELS_TEXT_H_
#define FURL_CLI_MODELS_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/common/family.h"

namespace furl::cli {

// One model as it is listed.
struct ListedModel {
  std::string path;
  std::string id;
  std::string name;
  std::string family;
  std::string trained_for;  // as its card says; empty: it doesn't
  size_t bytes = 0;
  std::optional<int64_t> macs_per_pixel;  // nothing where this build lacks the family
  bool is_default = false;
};

std::string ModelText(const ListedModel& model);

// When to choose that family and when not, and where there is no model of it, that.
std::string FamilyText(const FamilyDecoderRow& family, const std::vector<ListedModel>& models);

// The families of this build, each once: that of the default model, those with models, the others.
std::vector<FamilyDecoderRow> FamiliesInOrder(const std::vector<ListedModel>& models);

// `words` in lines of at most 80 columns: the first begins with `label`, filled up with spaces to
// `indent` columns, the others with as many spaces.
std::string Folded(std::string_view words, std::string label, size_t indent);

}  // namespace furl::cli

#endif  // FURL_CLI_MODELS_TEXT_H_
