// OutputQueue: decoded pictures back into display order, GOP by GOP, with the
// holes that damage leaves.

#ifndef FURL_CODEC_DEC_OUTPUT_QUEUE_H_
#define FURL_CODEC_DEC_OUTPUT_QUEUE_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "codec/dec/picture.h"
#include "image/frame.h"

namespace furl {

class OutputQueue {
 public:
  // The next thing to show. A hole (no picture) has only the tag of its packet.
  struct Item {
    PicturePtr picture;
    FrameTag lost;
  };

  // A key frame arrived: the GOP before it is complete.
  void BeginGop();
  // False: the open GOP has had a picture for this time already; it stays out.
  bool Add(PicturePtr picture);
  // A packet of the open GOP could not be read.
  void AddLost(const FrameTag& tag);
  // No more packets.
  void End();

  // The next item if it is known already; pictures in it may still be in work.
  std::optional<Item> Peek();
  // Removes what Peek returned.
  void Pop();

  // Pictures held.
  size_t size() const;

 private:
  struct Gop {
    std::map<int, PicturePtr> pictures;  // by display index
    std::deque<FrameTag> lost;           // by time
    int next = 0;                        // display index
    bool complete = false;
  };
  std::deque<Gop> gops_;
};

}  // namespace furl

#endif  // FURL_CODEC_DEC_OUTPUT_QUEUE_H_
