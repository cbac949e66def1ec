// StreamTracks: the pictures and packets of one video to segments of an HLS stream: variants of
// furl and of H.264, sound and subtitles.

#ifndef FURL_SESSION_PACKAGE_STREAM_TRACKS_H_
#define FURL_SESSION_PACKAGE_STREAM_TRACKS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hls/playlist.h"
#include "hls/segment_store.h"
#include "hls/text_track.h"
#include "media/libav/subtitle_converter.h"
#include "media/media_info.h"
#include "session/package/sound_variant.h"
#include "session/package/video_variant.h"

namespace furl::session {

inline constexpr int kMostFurlVariants = 8;
inline constexpr int kMostAvcVariants = 4;
inline constexpr int kMostSounds = 12;
inline constexpr int kMostTexts = 24;

// The stores that tracks of a stream in `folder` may have.
std::vector<hls::SegmentPlace> StreamPlaces(const std::string& folder, bool overwrite);

struct StreamSettings {
  std::vector<Rung> furl;      // at most kMostFurlVariants
  std::vector<Rung> avc;       // at most kMostAvcVariants; one variant at least of the two
  double segment_seconds = 4;  // 0.5 to 60
  int64_t sound_rate = 0;      // bits per second of AAC; 0: as SoundVariant has it
  EncoderSettings encoder;     // preset, threads and delay count
  bool texts = true;           // else subtitles are left out
};

class StreamTracks {
 public:
  // The store of one of StreamPlaces, by name and ending; stays for as long as the tracks.
  using FindStore =
      std::function<hls::SegmentStore*(const std::string& name, const std::string& ending)>;

  struct Video {
    hls::SegmentStore* store;
    Rung rung;
    std::unique_ptr<VideoVariant> variant;
  };

  // `settings` and `source` are borrowed; `family` is needed for furl's variants.
  StreamTracks(const StreamSettings& settings, const media::MediaInfo& source,
               FamilyEncoderPtr family, FindStore find, media::NoticeFn notice);

  // Opens the tracks: the first frame, which is not taken yet, is at `begin` seconds of the stream,
  // and all other times are relative to it. Without `begin` it stays where it is, or at 0.
  Status Open(const Frame& first, std::optional<double> begin = std::nullopt);
  bool is_open() const { return !videos_.empty(); }
  // The next frame in display order, of open tracks.
  Status TakeFrame(const ConstFramePtr& frame);
  // Of a stream that goes along; it waits until the tracks are open.
  Status TakePacket(std::unique_ptr<media::MediaPacket> packet);
  // There is no more: gives away the last segments.
  Status Finish();

  // Whether TakeFrame of open tracks would begin a segment with this frame.
  bool BeginsSegment(const Frame& frame) const;
  // All variants from the next segment on (VideoVariant::SetEffort).
  void SetEffort(const Effort& effort);

  // Of tracks that have segments.
  hls::MasterPlaylist Master() const;

  const std::vector<Video>& videos() const { return videos_; }
  int sounds() const { return static_cast<int>(sounds_.size()); }
  int texts() const { return static_cast<int>(texts_.size()); }
  int64_t frames() const { return frames_; }
  double begin() const { return grid_.origin; }
  // Of the latest frame, in seconds.
  double end() const { return static_cast<double>(end_) * video_.time_base.value(); }

 private:
  struct Sound {
    hls::SegmentStore* store;
    const media::StreamInfo* stream;
    std::unique_ptr<SoundVariant> variant;
  };
  struct Text {
    hls::SegmentStore* store;
    const media::StreamInfo* stream;
    std::unique_ptr<media::SubtitleConverter> converter;
    std::unique_ptr<hls::TextTrack> track;
  };

  Status OpenVideo(const Rung& rung, bool furl, int number);
  Status OpenOther(int stream);
  Status OpenSound(const media::StreamInfo& info);
  Status OpenText(const media::StreamInfo& info);
  Status Write(const media::MediaPacket& packet);
  void WriteText(const Text& text, const media::MediaPacket& packet);
  hls::Rendition RenditionOf(const media::StreamInfo& stream, size_t number) const;
  std::vector<hls::Rendition> SoundRenditions() const;
  std::vector<hls::Rendition> TextRenditions() const;

  const StreamSettings& settings_;
  const media::MediaInfo& source_;
  const FamilyEncoderPtr family_;
  const FindStore find_;
  const media::NoticeFn notice_;
  media::VideoInfo video_;
  hls::SegmentGrid grid_;
  double shift_ = 0;         // seconds added to all times
  int64_t shift_ticks_ = 0;  // the same in the video's
  std::vector<std::unique_ptr<media::MediaPacket>> early_;
  std::vector<Video> videos_;
  std::vector<Sound> sounds_;
  std::vector<Text> texts_;
  media::ConversionBudgetPtr text_budget_ = std::make_shared<media::ConversionBudget>();
  std::vector<double> cuts_;  // where segments begin, in seconds
  int64_t cell_ = -1;
  int64_t end_ = 0;  // of the latest frame
  int64_t frames_ = 0;
};

}  // namespace furl::session

#endif  // FURL_SESSION_PACKAGE_STREAM_TRACKS_H_
