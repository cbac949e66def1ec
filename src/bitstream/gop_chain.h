// GopChain: streams that encoders made on their own, one behind the other as if one encoder had
// made them all.
//
//   GopChain chain;
//   for (packets of all streams, in order) write(chain.Take(std::move(packet)).value());

#ifndef FURL_BITSTREAM_GOP_CHAIN_H_
#define FURL_BITSTREAM_GOP_CHAIN_H_

#include <cstdint>
#include <vector>

#include "base/status.h"

namespace furl {

class GopChain {
 public:
  // The next packet in coding order, the first one a key. GOPs are numbered through, and each says
  // how many frames the one before has where that doesn't say so itself (packet.h). kInvalidStream
  // where it is no packet.
  Result<std::vector<uint8_t>> Take(std::vector<uint8_t> packet);

 private:
  int64_t gops_ = 0;
  int open_frames_ = 0;  // of a GOP whose packets don't say that it has ended
};

}  // namespace furl

#endif  // FURL_BITSTREAM_GOP_CHAIN_H_
