// The number of the sense family in sequence headers, for whoever writes streams without the list
// of families.

#ifndef FURL_CODEC_FAMILIES_SENSE_FAMILY_ID_H_
#define FURL_CODEC_FAMILIES_SENSE_FAMILY_ID_H_

#include <cstdint>

namespace furl::sense {

inline constexpr uint8_t kFamilyId = 4;

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_FAMILY_ID_H_
