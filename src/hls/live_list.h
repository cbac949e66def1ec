// LiveList: the latest segments of a track that goes on, and the playlist that names them. What has
// left the list stays for those who are fetching it, and is then removed. Where the process that
// wrote it ended or was killed, the next goes on behind its segments.

#ifndef FURL_HLS_LIVE_LIST_H_
#define FURL_HLS_LIVE_LIST_H_

#include <cstdint>
#include <deque>
#include <string>

#include "hls/segment_store.h"

namespace furl::hls {

class LiveList : public SegmentStore {
 public:
  // The newest segments are listed, `window_seconds` of them and at least kFewest.
  static constexpr size_t kFewest = 3;
  LiveList(SegmentPlace place, double window_seconds);

  // Goes on behind what is in the folder under this name, if anything is; to be called before all
  // else. Nothing is taken over of a list that can't be read: kIo, kInvalidStream.
  Status Resume();
  // When time zero of the segments is, since 1970 in milliseconds; after Resume as it was.
  int64_t origin_ms() const { return list_.origin_ms.value_or(0); }
  void set_origin_ms(int64_t origin) { list_.origin_ms = origin; }
  // Where the newest segment ends, in seconds of the track's time; 0: nothing is listed.
  double end() const { return end_; }

  // The next segment does not continue the one before.
  void Break() { apart_ = !list_.segments.empty(); }
  Status PutInit(std::span<const uint8_t> bytes) override;
  Status Put(std::span<const uint8_t> bytes, const SegmentTime& time) override;
  // There will be no more; what is listed stays.
  Status Finish();

 private:
  int64_t next_number() const {
    return list_.sequence + static_cast<int64_t>(list_.segments.size());
  }
  // How many of the oldest segments the window has passed.
  size_t Passed() const;
  void Slide();
  void RemoveOld();
  bool IsUsed(const std::string& init) const;

  const double window_seconds_;
  MediaPlaylist list_;
  std::deque<Segment> old_;  // still in the folder, no longer listed; from the oldest
  int64_t inits_ = 0;        // the newest one's number
  std::string init_;
  bool apart_ = false;
  double end_ = 0;
};

}  // namespace furl::hls

#endif  // FURL_HLS_LIVE_LIST_H_
