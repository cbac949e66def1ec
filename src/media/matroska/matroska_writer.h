// MatroskaWriter: coded video and copied streams into one Matroska file.
//
// Written in one pass; what is only known at the end (sizes, duration, seek
// index) is patched where the output can seek and left out where it can't.

#ifndef FURL_MEDIA_MATROSKA_MATROSKA_WRITER_H_
#define FURL_MEDIA_MATROSKA_MATROSKA_WRITER_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/matroska/ebml_buffer.h"
#include "media/matroska/matroska_codecs.h"
#include "media/matroska/matroska_elements.h"
#include "media/media_info.h"
#include "media/output_file.h"

namespace furl::media {

class MatroskaWriter {
 public:
  // Writes all that precedes the first packet. Copied streams that can't be
  // kept are named by `notice` and their packets ignored.
  static Result<std::unique_ptr<MatroskaWriter>> Create(std::unique_ptr<OutputFile> file,
                                                        const MediaInfo& info,
                                                        const MatroskaVideoTrack& video,
                                                        const NoticeFn& notice);

  // Any packet of info.streams or, with stream == kVideoStream, coded video in
  // decoding order with pts and duration in info.video.time_base, or, with kBaseStream, of
  // info.base. Blocks are put in order of time; packets of all others wait for the video.
  Status WritePacket(const MediaPacket& packet);

  // Completes and names the file.
  Status Finish();

  int64_t bytes_written() const { return file_->stored() + static_cast<int64_t>(cluster_.size()); }

 private:
  struct Track {
    int number = 0;  // 0: not kept
    Rational time_base;
    int64_t delay_ns = 0;  // CodecDelay
    int64_t delay = 0;     // the same in timestamp units, added to every time
    bool with_duration = false;
    int sample_rate = 0;          // of audio
    int64_t end = 0;              // latest end of a block, in units
    int64_t duration_field = -1;  // of the DURATION tag's text in tags_section_
  };
  struct Block {
    int track = 0;  // index into tracks_
    std::vector<uint8_t> data;
    int64_t time = 0;  // in units
    int64_t duration = 0;
    int64_t discard_ns = 0;
    bool key = false;
  };
  struct Cue {
    int64_t time;
    int64_t cluster_position;
  };
  struct SeekEntry {
    uint32_t id;
    int64_t position;
  };
  // A section that is written again at the end, when lengths are known.
  struct Patchable {
    uint32_t id = 0;
    int64_t position = 0;  // in the file
    EbmlBuffer content;
  };

  MatroskaWriter() = default;
  Status PlanBase(const MediaInfo& info);
  Status WriteHeaders(const MediaInfo& info, const MatroskaVideoTrack& video,
                      const NoticeFn& notice);
  Status WriteStart();
  Status WriteInfo(const Tags& tags);
  void PlanTracks(const MediaInfo& info, const MatroskaVideoTrack& video, const NoticeFn& notice);
  // Index into tracks_.
  int TrackOf(int stream) const;
  // The track that players seek in: its key frames begin clusters and have cues.
  int leading_track() const { return base_track_ > 0 ? base_track_ : 0; }
  Status WriteSection(uint32_t id, const EbmlBuffer& content);
  Status WritePatchable(uint32_t id, EbmlBuffer content, Patchable* section);
  Status WriteAgain(const Patchable& section);
  Status WriteSeekHead();
  Status WriteTags(const MediaInfo& info);
  Result<int64_t> ToUnits(const Track& track, int64_t ticks) const;
  Status WriteBlocksUntil(int64_t time);
  Status WriteBlock(const Block& block);
  Status StartCluster(const Block& block);
  Status EndCluster();
  Status WriteCues();
  Status PatchHeaders();

  std::unique_ptr<OutputFile> file_;
  int64_t scale_ns_ = 100000;
  std::vector<MatroskaTrackCodec> codecs_;  // of info.streams
  std::vector<Track> tracks_;               // 0: video, then info.streams, info.base if any
  int base_track_ = -1;                     // the last of them; -1: there is none
  MatroskaVideoTrack base_;
  std::vector<std::deque<Block>> waiting_;  // per track
  int64_t segment_start_ = 0;               // first byte behind the Segment's size
  int64_t seek_head_position_ = 0;
  Patchable info_section_;  // ends with the Duration
  Patchable tags_section_;
  std::vector<SeekEntry> seek_entries_;
  std::vector<Cue> cues_;
  EbmlBuffer cluster_;
  bool cluster_open_ = false;
  int64_t cluster_time_ = 0;
  int64_t video_front_ = INT64_MIN;  // latest video time so far
  bool have_shift_ = false;
  int64_t shift_ = 0;  // added to all times so that video starts at or after zero
};

}  // namespace furl::media

#endif  // FURL_MEDIA_MATROSKA_MATROSKA_WRITER_H_
