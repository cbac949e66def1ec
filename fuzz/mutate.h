// Changes of inputs after which checksums still fit. What a checksum refuses is soon told; behind
// it lies the code that a stranger who can compute one reaches, and chance does not.

#ifndef FURL_FUZZ_MUTATE_H_
#define FURL_FUZZ_MUTATE_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "fuzz/fuzz_util.h"

namespace furl {

// One of libFuzzer's own changes, which adds up to `room` bytes.
void Mutate(size_t room, Bytes* bytes);

// Changes a header, one of the parts or bytes anywhere, and gives the packet its checksum again.
// A frame hash that the change may have made wrong becomes 0, which fuzz builds accept.
Bytes MutatePacket(std::span<const uint8_t> packet, std::mt19937* random);

// Changes one packet, or which there are and in what order.
void MutatePackets(std::mt19937* random, std::vector<Bytes>* packets);

// Copies what fits of `bytes` to libFuzzer's buffer; its size.
size_t GiveBack(const Bytes& bytes, uint8_t* data, size_t max_size);

}  // namespace furl

// libFuzzer's, for custom mutators, and those by the names it looks for.
extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed);
extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* data1, size_t size1,
                                            const uint8_t* data2, size_t size2, uint8_t* out,
                                            size_t max_size, unsigned seed);

#endif  // FURL_FUZZ_MUTATE_H_
