// SegmentStore: where the segments of one track go, in a folder:
//
//   NAME-init.mkv, NAME-00001.mkv, NAME-00002.mkv, ..., NAME.m3u8
//
// Every file is complete or absent (media/output_file.h), and a playlist never names one that is
// not there.

#ifndef FURL_HLS_SEGMENT_STORE_H_
#define FURL_HLS_SEGMENT_STORE_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "base/status.h"
#include "hls/playlist.h"
#include "hls/track.h"

namespace furl::hls {

struct SegmentPlace {
  std::string folder;
  std::string name;    // of the track: "furl1"
  std::string ending;  // of its segments: ".mkv"
  bool overwrite = false;

  std::string InitName() const { return name + "-init" + ending; }
  // Of those behind the first, where there are more: from 1.
  std::string InitName(int64_t number) const;
  std::string SegmentName(int64_t number) const;  // from 1
  std::string ListName() const { return name + ".m3u8"; }
  // media::NumberedNames of the segments' and of the later inits' paths.
  std::string Pattern() const { return PathOf(name + "-%05d" + ending); }
  std::string InitPattern() const { return PathOf(name + "-init%03d" + ending); }
  std::string PathOf(const std::string& file) const { return folder + "/" + file; }
};

// Writes a master playlist, complete or not at all.
Status WriteMasterFile(const std::string& path, const MasterPlaylist& master, bool overwrite);

class SegmentStore {
 public:
  explicit SegmentStore(SegmentPlace place) : place_(std::move(place)) {}
  virtual ~SegmentStore() = default;

  // What comes before the segments that follow; tracks of text have none.
  virtual Status PutInit(std::span<const uint8_t> bytes) = 0;
  // The next segment, longer than nothing.
  virtual Status Put(std::span<const uint8_t> bytes, const SegmentTime& time) = 0;

  // Put, for a track.
  TakeSegment Taker() {
    return [this](std::span<const uint8_t> bytes, const SegmentTime& time) {
      return Put(bytes, time);
    };
  }

  const SegmentPlace& place() const { return place_; }
  int64_t count() const { return count_; }
  int64_t bytes() const { return bytes_; }
  // Bits per second: the most of any segment, and of all.
  int64_t peak() const { return peak_; }
  int64_t mean() const;

 protected:
  Status WriteFile(const std::string& name, std::span<const uint8_t> bytes, bool overwrite);
  Status WriteList(const MediaPlaylist& list, bool overwrite);
  // One that was put.
  void Count(size_t bytes, double seconds);

 private:
  const SegmentPlace place_;
  int64_t count_ = 0;
  int64_t bytes_ = 0;
  int64_t peak_ = 0;
  double seconds_ = 0;
};

}  // namespace furl::hls

#endif  // FURL_HLS_SEGMENT_STORE_H_
