// The furl tracks of a Matroska file, from its first bytes. GStreamer's demuxer hands on the
// packets of codecs that it doesn't know, but not their headers; this finds the headers.

#ifndef FURL_GSTREAMER_MKV_TRACKS_H_
#define FURL_GSTREAMER_MKV_TRACKS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace furl::gstreamer {

// Where files don't have their tracks by then, nobody looks further.
inline constexpr size_t kMostMkvHead = size_t{4} << 20;

struct MkvTrack {
  uint64_t number = 0;
  std::vector<uint8_t> header;  // codec private data: furl's sequence header
};

struct MkvTracks {
  enum class Answer {
    kFound,    // the list of tracks has been read: `furl` has those of furl, perhaps none
    kMore,     // it begins or ends behind these bytes
    kNothing,  // this is no Matroska file, or it has no list of tracks before its pictures
  };
  Answer answer = Answer::kNothing;
  std::vector<MkvTrack> furl;
};

// Looks at the first bytes of a file.
MkvTracks FindMkvTracks(std::span<const uint8_t> begin);

}  // namespace furl::gstreamer

#endif  // FURL_GSTREAMER_MKV_TRACKS_H_
