// PackageRun: one video to a folder with an HLS package (docs/streaming.md): variants of furl and
// of H.264, sound and subtitles, decoded once.

#ifndef FURL_SESSION_PACKAGE_PACKAGE_RUN_H_
#define FURL_SESSION_PACKAGE_PACKAGE_RUN_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hls/segment_list.h"
#include "hls/text_track.h"
#include "media/libav/subtitle_converter.h"
#include "media/video_reader.h"
#include "session/hooks.h"
#include "session/package/sound_variant.h"
#include "session/package/video_variant.h"

namespace furl::session {

inline constexpr int kMostFurlVariants = 8;
inline constexpr int kMostAvcVariants = 4;
inline constexpr int kMostSounds = 12;
inline constexpr int kMostTexts = 24;
inline constexpr char kMasterName[] = "master.m3u8";

// All files that a package in `folder` may have but for the master playlist: for those who must
// know before they look at the input.
std::vector<hls::SegmentPlace> PackagePlaces(const std::string& folder, bool overwrite);

struct PackageRequest {
  std::string folder;          // that exists
  bool overwrite = false;      // what is there of another package
  std::vector<Rung> furl;      // at most kMostFurlVariants
  std::vector<Rung> avc;       // at most kMostAvcVariants; one variant at least of the two
  double segment_seconds = 4;  // 0.5 to 60
  int64_t sound_rate = 0;      // bits per second of AAC; 0: as SoundVariant has it
  EncoderSettings encoder;     // preset and threads count
};

// Of what was written.
struct VariantOutcome {
  std::string list;   // name of its playlist
  std::string codec;  // "furl.1"
  Rung rung;
  int64_t bytes = 0;
  int64_t mean = 0;  // bits per second
  int64_t peak = 0;  // of the heaviest segment
};

struct PackageOutcome {
  int64_t frames = 0;
  double video_seconds = 0;
  size_t segments = 0;  // of each variant
  int64_t bytes = 0;    // of all segments
  std::vector<VariantOutcome> variants;
  int sounds = 0;
  int texts = 0;
};

struct PackageHooks : Hooks {
  // After every frame: frames so far; may be empty.
  std::function<void(int64_t frames)> progress;
};

class PackageRun {
 public:
  // `request` is borrowed. `reader` is open and not read from yet; `family` is needed for furl's
  // variants.
  PackageRun(const PackageRequest& request, std::unique_ptr<media::VideoReader> reader,
             FamilyEncoderPtr family, PackageHooks hooks);
  // Removes what was written, unless Run was successful.
  ~PackageRun();
  PackageRun(const PackageRun&) = delete;
  PackageRun& operator=(const PackageRun&) = delete;

  // The master playlist is written last: without it there is no package. kCancelled where a hook
  // says so.
  Result<PackageOutcome> Run();

 private:
  // One track's segments; the lists of `lists_` never move.
  struct Video {
    hls::SegmentList* list;
    Rung rung;
    std::unique_ptr<VideoVariant> variant;
  };
  struct Sound {
    hls::SegmentList* list;
    const media::StreamInfo* stream;
    std::unique_ptr<SoundVariant> variant;
  };
  struct Text {
    hls::SegmentList* list;
    const media::StreamInfo* stream;
    std::unique_ptr<media::SubtitleConverter> converter;
    std::unique_ptr<hls::TextTrack> track;
  };

  Status Open(const Frame& first);
  hls::SegmentList* AddList(const std::string& name, const std::string& ending);
  Status OpenVideo(const Rung& rung, bool furl, int number);
  Status OpenSound(int stream);
  Status OpenText(int stream);
  Status TakeFrame(const ConstFramePtr& frame);
  Status TakePacket(const media::MediaPacket& packet);
  Status Finish();
  Status WriteMaster();
  hls::Rendition RenditionOf(const media::StreamInfo& stream, int number) const;
  PackageOutcome Outcome() const;

  const PackageRequest& request_;
  const std::unique_ptr<media::VideoReader> reader_;
  const FamilyEncoderPtr family_;
  const PackageHooks hooks_;
  media::VideoInfo video_;
  hls::SegmentGrid grid_;
  double shift_ = 0;  // seconds added to all times, so that the video begins at zero or later
  int64_t shift_ticks_ = 0;  // the same in the video's
  std::vector<std::unique_ptr<hls::SegmentList>> lists_;
  std::vector<Video> videos_;
  std::vector<Sound> sounds_;
  std::vector<Text> texts_;
  media::ConversionBudgetPtr text_budget_ = std::make_shared<media::ConversionBudget>();
  std::vector<double> cuts_;  // where segments begin, in seconds
  int64_t cell_ = -1;
  int64_t end_ = 0;  // of the latest frame
  int64_t frames_ = 0;
  bool done_ = false;
};

}  // namespace furl::session

#endif  // FURL_SESSION_PACKAGE_PACKAGE_RUN_H_
