// Timeline: all frames of a stream as their headers tell them, without decoding: types, sizes,
// levels in the hierarchy, and which frames they refer to.

#ifndef FURL_INSPECT_TIMELINE_H_
#define FURL_INSPECT_TIMELINE_H_

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "bitstream/packet.h"
#include "image/frame.h"
#include "inspect/frame_numbers.h"

namespace furl::inspect {

struct FrameRecord {
  int64_t number = 0;  // in display order from the start of the file, where no frame is missing
  int64_t coded = 0;   // in coding order
  int64_t gop = 0;
  FrameTag tag;
  int64_t bytes = 0;  // of the packet
  FrameHeader header;
  // Depth in the hierarchy of B frames: 0 for frames that refer to the past alone, else one more
  // than the deepest they refer to.
  int level = 0;
  std::vector<int64_t> references;      // numbers, as far as their frames came
  std::optional<FrameNumbers> numbers;  // where the frame was analysed
};

class Timeline {
 public:
  // The packet's frame, which stays where it is; null where no key frame came before it.
  FrameRecord* Add(const FrameHeader& header, const FrameTag& tag, int64_t bytes);

  // In coding order.
  const std::deque<FrameRecord>& frames() const { return frames_; }
  std::deque<FrameRecord>& frames() { return frames_; }
  // In display order.
  std::vector<const FrameRecord*> Shown() const;
  int64_t gops() const { return gops_; }

  // Number of the first frame of the current GOP.
  int64_t gop_start() const { return gop_start_; }

 private:
  std::deque<FrameRecord> frames_;
  std::array<const FrameRecord*, kReferenceSlots> slots_ = {};
  int64_t gops_ = 0;
  int64_t gop_start_ = 0;
};

}  // namespace furl::inspect

#endif  // FURL_INSPECT_TIMELINE_H_
