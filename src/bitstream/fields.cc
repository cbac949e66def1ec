#include "bitstream/fields.h"

namespace furl {

std::string FieldRangeMessage(const char* name, uint64_t value, uint64_t min, uint64_t max) {
  return std::string(name) + " is " + std::to_string(static_cast<int64_t>(value)) + ", must be " +
         std::to_string(min) + " to " + std::to_string(max);
}

}  // namespace furl
