// OutputQueue: decoded pictures back into display order, GOP by GOP, with the
// holes that damage leaves.

#ifndef FURL_CODEC_DEC_OUTPUT_QUEUE_H_
#define FURL_CODEC_DEC_OUTPUT_QUEUE_H_

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "codec/common/gop.h"
#include "codec/dec/picture.h"
#include "image/frame.h"

namespace furl {

class OutputQueue {
 public:
  // How many pictures of a GOP may come before one that is shown before them all. One that more
  // have overtaken is given up as lost, so that a hole never holds back the rest of a long GOP.
  static constexpr int kMaxOvertaking = kLongestMiniGop;

  // The next thing to show. A hole (no picture) has only the tag of its packet.
  struct Item {
    PicturePtr picture;
    FrameTag lost;
  };

  // A key frame arrived: the GOP before it is complete.
  void BeginGop();
  // False: the open GOP has had a picture for this time already, or has given it
  // up; it stays out.
  bool Add(PicturePtr picture);
  // A packet of the open GOP could not be read. No picture may be added to that GOP any more.
  void AddLost(const FrameTag& tag);
  // No more packets.
  void End();

  // The next item if it is known already; pictures in it may still be in work.
  std::optional<Item> Peek();
  // Removes what Peek returned.
  void Pop();

  // Pictures and known holes held. Peek has something to show where it is above kMaxOvertaking.
  size_t size() const;

 private:
  struct Gop {
    std::map<int, PicturePtr> pictures;  // by display index
    std::deque<FrameTag> lost;           // by time
    int next = 0;                        // display index
    int settled = 0;  // pictures before this display index are there, were shown or are given up
    bool complete = false;

    // Moves `settled` on, now that a picture was added.
    void Settle();
    // Whether it is known that the picture `next`, which isn't there, will never be.
    bool NextIsLost() const;
  };
  std::deque<Gop> gops_;
};

}  // namespace furl

#endif  // FURL_CODEC_DEC_OUTPUT_QUEUE_H_
