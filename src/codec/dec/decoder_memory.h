// What a decoder comes to hold, known before it holds anything.

#ifndef FURL_CODEC_DEC_DECODER_MEMORY_H_
#define FURL_CODEC_DEC_DECODER_MEMORY_H_

#include <cstdint>

#include "base/status.h"
#include "bitstream/sequence_header.h"
#include "codec/common/family.h"

namespace furl {

// Most bytes that a decoder of such a stream with this many frames in flight holds at once: the
// pictures (reference slots, those held for the caller, two references of each frame in flight,
// one that stands in for damaged ones), of a base those that wait for their packets, and the
// working memory of each frame in flight. Packets and the model are not counted.
int64_t DecoderBytes(const SequenceHeader& sequence, const Family& family, int frames_in_flight);

// How many frames, 1..`wanted`, can be in flight with at most `max_memory` bytes held.
// kLimitExceeded, naming what is needed, where even one is too much.
Result<int> AffordableFramesInFlight(const SequenceHeader& sequence, const Family& family,
                                     int wanted, int64_t max_memory);

}  // namespace furl

#endif  // FURL_CODEC_DEC_DECODER_MEMORY_H_
