// MatroskaIndex: whether the index (Cues) of a Matroska file leads to what it names.
//
// A cue names a block by its track and time and says where that block's cluster is. Writers differ
// in where clusters begin: ours start one at every key picture, mkvmerge puts key pictures anywhere
// inside of one.

#ifndef FURL_MEDIA_MATROSKA_MATROSKA_INDEX_H_
#define FURL_MEDIA_MATROSKA_MATROSKA_INDEX_H_

#include <cstdint>
#include <span>
#include <vector>

namespace furl::media {

// Times are in the file's unit (TimestampScale), positions in bytes from the first element of the
// Segment, as cues count them.
class MatroskaIndex {
 public:
  // A cluster whose head is at `position`; `content` is what follows its timestamp `time`.
  void AddCluster(int64_t position, int64_t time, std::span<const uint8_t> content);

  // The content of a Cues element. False if it is damaged or has a time above `latest`.
  bool AddCues(std::span<const uint8_t> content, int64_t latest);

  // The times of cues whose track has no block around that time in any cluster or, with
  // `positions`, in the very cluster that the cue leads to. To be called once, at the end.
  std::vector<int64_t> Lost(bool positions);

 private:
  // The blocks of one track in one cluster, from the first time to the last.
  struct Span {
    uint64_t track = 0;
    int64_t position = 0;  // of the cluster
    int64_t first = 0;
    int64_t last = 0;
  };
  struct Cue {
    uint64_t track = 0;
    int64_t time = 0;
    int64_t position = -1;  // -1: the cue doesn't say
  };

  bool AddCuePoint(std::span<const uint8_t> content, int64_t latest);

  std::vector<Span> spans_;
  std::vector<Cue> cues_;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_MATROSKA_MATROSKA_INDEX_H_
