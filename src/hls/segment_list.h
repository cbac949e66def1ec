// SegmentList: the segments of one track of a package, and the playlist that names them all.

#ifndef FURL_HLS_SEGMENT_LIST_H_
#define FURL_HLS_SEGMENT_LIST_H_

#include <string>
#include <vector>

#include "hls/segment_store.h"

namespace furl::hls {

class SegmentList : public SegmentStore {
 public:
  using SegmentStore::SegmentStore;

  // Once.
  Status PutInit(std::span<const uint8_t> bytes) override;
  Status Put(std::span<const uint8_t> bytes, const SegmentTime& time) override;
  // Writes the playlist, of a track that has ended. Its target is that of its longest segment.
  Status Finish();
  // Removes what was made, as far as it can be.
  void RemoveAll();

 private:
  Status Make(const std::string& name, std::span<const uint8_t> bytes);

  MediaPlaylist list_;
  std::vector<std::string> made_;  // paths
  std::string init_;
};

}  // namespace furl::hls

#endif  // FURL_HLS_SEGMENT_LIST_H_
