// GopLedger: which frames are missing, from the headers of the packets that came.
//
// The last packet of a GOP in coding order says how many frames the GOP has. An encoder that codes
// without delay doesn't know which one that is; the key frame that follows then says it. Key frames
// are numbered, so that GOPs missing as a whole are noticed, too (docs/bitstream.md, section 3).

#ifndef FURL_CODEC_DEC_GOP_LEDGER_H_
#define FURL_CODEC_DEC_GOP_LEDGER_H_

#include <cstdint>
#include <optional>

#include "base/status.h"
#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"
#include "image/frame.h"

namespace furl {

class GopLedger {
 public:
  // What is known to be missing once a GOP has ended.
  struct Missing {
    int64_t of_gop = 0;  // frames of it; at least as many where its end is missing
    int64_t behind = 0;  // frames of whole GOPs after it, by the time they would take
    int64_t total() const { return of_gop + behind; }
  };

  explicit GopLedger(const SequenceHeader& sequence) : sequence_(sequence) {}

  // Whether a packet with this header may come now: kInvalidStream if its GOP has ended, or can't
  // be as long as it says.
  Status Check(const FrameHeader& header) const;

  // A packet that was read. Before a key frame the GOP that it ends is judged. `tag` has the times
  // of its picture, in ticks of the stream.
  Missing Add(const FrameHeader& header, const FrameTag& tag);

  // A packet that can't be decoded, of the open GOP or of one whose key frame is not known.
  void AddLost(const FrameTag& tag);

  // No more packets: judges the last GOP.
  Missing End();

 private:
  int64_t MissingOfGop(std::optional<int> frames_before) const;
  int64_t MissingBehind(const FrameHeader& key, const FrameTag& tag) const;
  bool Follows(const FrameHeader& key) const;
  void Extend(const FrameTag& tag);

  const SequenceHeader sequence_;
  // Of the open GOP:
  bool open_ = false;
  int number_ = 0;
  int length_ = 0;        // frames that it has, as its last packet says; 0 before that
  int last_display_ = 0;  // highest display order so far
  int64_t came_ = 0;      // packets that were read
  int64_t lost_ = 0;      // packets that were not
  int64_t end_pts_ = 0;   // where its latest picture ends
};

}  // namespace furl

#endif  // FURL_CODEC_DEC_GOP_LEDGER_H_
