// The fixed models of all families: what tests and fuzz targets take that go through every family.

#ifndef FURL_TESTS_SUPPORT_FAMILY_MODELS_H_
#define FURL_TESTS_SUPPORT_FAMILY_MODELS_H_

#include <string_view>

#include "support/sense_model.h"
#include "support/squeeze_model.h"
#include "support/tiny_model.h"
#include "support/vq_model.h"

namespace furl::test {

struct FamilyModel {
  // What the names of conformance streams with that model start with; those of the transform
  // family, whose row comes first, start with anything else.
  std::string_view prefix;
  Result<model::ModelPtr> (*make)();
};

inline constexpr FamilyModel kFamilyModels[] = {
    {"", MakeTinyModel},
    {"squeeze_", MakeSqueezeModel},
    {"sense_", MakeSenseModel},
    {"vq_", MakeVqModel},
};

// The place among them of the model that a stream with that name needs.
inline size_t FamilyModelOf(std::string_view stream) {
  size_t found = 0;
  for (size_t i = 1; i < std::size(kFamilyModels); ++i) {
    if (stream.starts_with(kFamilyModels[i].prefix)) found = i;
  }
  return found;
}

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_FAMILY_MODELS_H_
