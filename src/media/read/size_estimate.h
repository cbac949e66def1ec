// SizeEstimate: what a coded file will need besides its coded pictures.
//
// Nothing is guessed where it can be counted: the packets of the copied streams
// are read from the input and, with the headers, tags and attachments, given to
// the real writer, which only counts. Its video packets are stand-ins, a key
// frame per longest GOP, so that blocks, clusters and index are there too.

#ifndef FURL_MEDIA_READ_SIZE_ESTIMATE_H_
#define FURL_MEDIA_READ_SIZE_ESTIMATE_H_

#include <cstdint>
#include <span>
#include <string>

#include "base/status.h"
#include "media/media_info.h"
#include "media/video_reader.h"

namespace furl::media {

struct SizeEstimateInput {
  std::string input;
  ReaderOptions reader;  // as the input will be opened
  MediaInfo info;        // as the reader tells it
  std::string output;    // its ending chooses the container
  std::span<const uint8_t> sequence_header;
  int64_t frames = 0;      // of the whole video
  double seconds = 0;      // that it lasts
  int64_t gop_frames = 1;  // longest GOP
};

// Bytes of the whole file without the packets' own bytes of video; exact but for
// a byte per frame too many and the few per GOP that scene cuts add. Reads the input once, without
// decoding. As OpenCodedWriter, and kCancelled.
Result<int64_t> BytesBesideVideo(const SizeEstimateInput& input);

}  // namespace furl::media

#endif  // FURL_MEDIA_READ_SIZE_ESTIMATE_H_
