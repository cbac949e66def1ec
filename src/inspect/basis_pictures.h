// What single latents look like, for pages.

#ifndef FURL_INSPECT_BASIS_PICTURES_H_
#define FURL_INSPECT_BASIS_PICTURES_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>

#include "base/status.h"
#include "codec/common/family.h"

namespace furl::inspect {

// An object with a picture (data URI) for each latent by its number: what it adds to a picture
// around its place, around mid grey, so strong that its largest sample is far from it. Empty where
// the family's latents make no picture alone.
Result<nlohmann::ordered_json> BasisPictures(const Family& family, bool intra,
                                             std::span<const uint16_t> latents);

}  // namespace furl::inspect

#endif  // FURL_INSPECT_BASIS_PICTURES_H_
