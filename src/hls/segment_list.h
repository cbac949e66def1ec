// SegmentList: the segments of one track in a folder, and the playlist that names them.
//
//   NAME-init.mkv, NAME-00001.mkv, NAME-00002.mkv, ..., NAME.m3u8
//
// Every file is complete or absent (media/output_file.h), and a playlist never names one that is
// not there.

#ifndef FURL_HLS_SEGMENT_LIST_H_
#define FURL_HLS_SEGMENT_LIST_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "hls/playlist.h"

namespace furl::hls {

struct SegmentPlace {
  std::string folder;
  std::string name;    // of the track: "furl1"
  std::string ending;  // of its segments: ".mkv"
  bool overwrite = false;

  std::string InitName() const { return name + "-init" + ending; }
  std::string SegmentName(int64_t number) const;  // from 1
  std::string ListName() const { return name + ".m3u8"; }
  // A media::NumberedName of the segments' paths.
  std::string Pattern() const { return PathOf(name + "-%05d" + ending); }
  std::string PathOf(const std::string& file) const { return folder + "/" + file; }
};

class SegmentList {
 public:
  explicit SegmentList(SegmentPlace place) : place_(std::move(place)) {}

  // What comes before all segments; tracks of text have none.
  Status PutInit(std::span<const uint8_t> bytes);
  // The next segment; `seconds` above zero.
  Status Put(std::span<const uint8_t> bytes, double seconds);
  // Writes the playlist, of a track that has ended. Its target is that of its longest segment.
  Status Finish();
  // Removes what was made, as far as it can be.
  void RemoveAll();

  const SegmentPlace& place() const { return place_; }
  size_t size() const { return list_.segments.size(); }
  int64_t bytes() const { return bytes_; }
  // Bits per second: the most of any segment, and of all.
  int64_t peak() const { return peak_; }
  int64_t mean() const;

 private:
  Status WriteFile(const std::string& name, std::span<const uint8_t> bytes);

  const SegmentPlace place_;
  MediaPlaylist list_;
  std::vector<std::string> made_;  // paths
  std::string init_;
  int64_t bytes_ = 0;  // of segments
  int64_t peak_ = 0;
  double seconds_ = 0;
};

}  // namespace furl::hls

#endif  // FURL_HLS_SEGMENT_LIST_H_
