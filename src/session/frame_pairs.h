// FramePairs: the frames of two videos that are shown at the same time.

#ifndef FURL_SESSION_FRAME_PAIRS_H_
#define FURL_SESSION_FRAME_PAIRS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/dec/decoder.h"
#include "image/frame.h"
#include "media/video_reader.h"
#include "session/hooks.h"

namespace furl::session {

struct PairOptions {
  int threads = 0;                                    // of each decoder; 0: one per CPU
  int64_t max_memory = DecoderSettings().max_memory;  // of each decoder
  std::string model;
  // Scale the second video to the size of the first instead of refusing it.
  bool scale = false;
  Hooks hooks;  // of conversions there is a notice
};

// Both frames have the size of the first video and the larger of the two bit
// depths (8-bit samples become 10-bit ones times four).
struct FramePair {
  ConstFramePtr original;
  ConstFramePtr distorted;
  int64_t original_frame = 0;  // their numbers in their videos, from 0
  int64_t distorted_frame = 0;
  double time = 0;  // of the original, in seconds since its first frame
};

// Frames of one video without a partner in the other.
struct Unpaired {
  int64_t between = 0;  // while the other video goes on
  int64_t after = 0;    // after its end
  double first = 0;     // time of the first of them
  int64_t count() const { return between + after; }
};

// Times count from the first frame of each video, because containers shift
// them (Matroska by the delay of B frames, MPEG-TS by a second or more). Two
// frames are a pair when their times differ by no more than half of the shorter
// one's duration; frames without a partner are counted.
class FramePairs {
 public:
  // Opens two videos of any kind, furl's own included. kUnsupported when sizes
  // differ and aren't to be scaled.
  static Result<std::unique_ptr<FramePairs>> Open(const std::string& original,
                                                  const std::string& distorted,
                                                  const PairOptions& options);

  // Of the original, with the bit depth of the pairs.
  const media::VideoInfo& video() const { return video_; }

  // The next pair; kEndOfStream behind the last frame of both videos,
  // kCancelled where the hooks say so.
  Result<FramePair> Next();

  // What has been seen so far.
  const Unpaired& original_alone() const { return a_.alone; }
  const Unpaired& distorted_alone() const { return b_.alone; }
  // Sentences about what does not match: starts, frames without a partner, ends.
  std::vector<std::string> Explain() const;

 private:
  struct Side {
    std::string path;
    std::unique_ptr<media::VideoReader> reader;
    ConstFramePtr frame;  // the next one, unless ended
    double time = 0;
    double duration = 0;
    double start = 0;  // of the first frame, in the video's own time
    double end = 0;    // of the last frame that was read
    int64_t number = -1;
    bool ended = false;
    Unpaired alone;
  };

  FramePairs() = default;
  Status Advance(Side* side) const;
  static void CountAlone(Side* side, const Side& other);
  Result<ConstFramePtr> Deepen(ConstFramePtr frame) const;

  Hooks hooks_;
  media::VideoInfo video_;
  Side a_;
  Side b_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_FRAME_PAIRS_H_
