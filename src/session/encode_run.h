// EncodeRun: one encode of a whole input at one crf.

#ifndef FURL_SESSION_ENCODE_RUN_H_
#define FURL_SESSION_ENCODE_RUN_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codec/common/family.h"
#include "codec/enc/encoder.h"
#include "media/base/base_encoder.h"
#include "media/coded_io.h"
#include "media/video_reader.h"
#include "session/frame_coder.h"
#include "session/hooks.h"
#include "session/video_coder.h"

namespace furl::session {

// What is to be encoded, and how.
struct EncodeRequest {
  std::string input;  // as media::OpenVideo takes it
  // A file whose video, H.264, H.265 or AV1 of the same pictures, is the base (docs/hybrid.md): the
  // output is that file and what is added to it, `input` only gives pictures. Empty: none.
  std::string base_file;
  std::string output;  // as media::OpenCodedWriter takes it
  bool overwrite = false;
  seal::SecretPtr secret;  // set: the output is sealed with it (docs/encryption.md)
  // With a base file its choice of sound and subtitles is of that file's.
  media::ReaderOptions reader;
  // Longest distance between key frames; 0: two seconds or, where that is more, 32 frames. Counted
  // at the rate of frames that follow each other, whatever pauses are between them.
  double gop_seconds = 0;
  // Made along with the video, which adds to it (docs/hybrid.md); its crf -1: by the job's crf, its
  // GOPs are as long as the video's. Goes into .mkv and .mp4.
  std::optional<media::BaseOptions> base;
  // Its picture format is that of the input, its crf the job's, its GOP length as above: those here
  // don't count.
  EncoderSettings encoder;

  // The options of `furl encode` that ask for this, but for the crf and the model, as words
  // (cli/encode/encode_words.h): set, the video's tags tell them (session/command_tag.h).
  std::optional<std::vector<std::string>> words;

  bool has_base() const { return base.has_value() || !base_file.empty(); }
};

// For pictures as the reader delivers them.
EncoderSettings SettingsFor(const EncodeRequest& request, const media::VideoInfo& video,
                            double crf);

struct EncodeOutcome {
  int64_t frames = 0;
  int64_t key_frames = 0;
  int64_t bytes = 0;         // of the file
  int64_t video_bytes = 0;   // of its video packets, those of a base included
  int64_t base_bytes = 0;    // of these
  double pixels = 0;         // of all frames
  double video_seconds = 0;  // from the first frame to the end of the last
  double wall_seconds = 0;

  double bits_per_second() const {
    return video_seconds > 0 ? static_cast<double>(video_bytes) * 8 / video_seconds : 0;
  }
  double bits_per_pixel() const {
    return pixels > 0 ? static_cast<double>(video_bytes) * 8 / pixels : 0;
  }
};

struct EncodeHooks : Hooks {
  // The input is open and nothing is coded yet; may be empty.
  std::function<void(const media::VideoInfo& video)> opened;
  // After every packet: what there is so far, bytes of the file included; may be empty.
  std::function<void(const EncodeOutcome& so_far)> progress;
};

struct EncodeJob {
  double crf = 0;
  FamilyEncoderPtr family;  // prepared model
  // Opened for the request and not read from yet; null: the run opens one.
  std::unique_ptr<media::VideoReader> reader;
  // What there was to notice has been said.
  bool again = false;
  // The output exists and is of an earlier run for this request.
  bool replace = false;
  // Makes what the packets come from in place of an encoder, which then codes nothing: for its
  // sequence header, which is what the encoder's would be. May be empty.
  std::function<std::unique_ptr<FrameCoder>(std::span<const uint8_t> sequence_header)> instead;
  // Sees every coded frame, as VideoCoder has it; may be empty.
  std::function<void(const FrameReport&)> observer;
  // Asked when all is coded, before the file gets its name; an error leaves no
  // file and is what Run returns. May be empty; not asked for pipes and devices.
  std::function<Status(const EncodeOutcome&)> accept;
};

class EncodeRun {
 public:
  // `request` is borrowed.
  EncodeRun(const EncodeRequest& request, EncodeJob job, EncodeHooks hooks)
      : request_(request), job_(std::move(job)), hooks_(std::move(hooks)) {}

  // Encodes. kCancelled where a hook says so; there is no file after an error.
  Result<EncodeOutcome> Run();

 private:
  Status Open();
  Status Loop();
  Status CheckOutput() const;
  Status OpenReader();
  Status Write(const media::MediaPacket& packet);
  Status Accept(int64_t bytes);

  const EncodeRequest& request_;
  EncodeJob job_;
  const EncodeHooks hooks_;
  std::unique_ptr<FrameCoder> coder_;
  std::unique_ptr<media::CodedWriter> writer_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::optional<int64_t> begin_;  // of the first frame read, in ticks
  int64_t end_ = 0;               // of the last one
  EncodeOutcome outcome_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_ENCODE_RUN_H_
