// Changes of Matroska files after which sizes and CRC-32 elements still fit.

#ifndef FURL_FUZZ_EBML_MUTATE_H_
#define FURL_FUZZ_EBML_MUTATE_H_

#include <random>
#include <span>

#include "fuzz/mutate.h"

namespace furl {

// Takes `file` apart into elements, changes one or moves them about, and writes them again with
// right sizes, and right checksums where there were some. What is no Matroska, and now and then
// what is, is changed as bytes. Adds up to `room` bytes.
Bytes MutateMatroska(std::span<const uint8_t> file, size_t room, std::mt19937* random);

}  // namespace furl

#endif  // FURL_FUZZ_EBML_MUTATE_H_
