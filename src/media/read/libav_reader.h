// LibavReader: the VideoReader over libavformat and libavcodec.
//
// demux -> decode -> trim -> FilterChain -> exact times -> items. One frame is
// held back, because only its successor tells how long it lasts.

#ifndef FURL_MEDIA_READ_LIBAV_READER_H_
#define FURL_MEDIA_READ_LIBAV_READER_H_

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "media/filter/filter_chain.h"
#include "media/libav/av_input.h"
#include "media/libav/libav_demuxer.h"
#include "media/read/other_streams.h"
#include "media/read/packet_gate.h"
#include "media/read/time_scan.h"
#include "media/read/trim.h"
#include "media/read/video_packets.h"
#include "media/video_reader.h"

namespace furl::media {

class LibavReader : public VideoReader {
 public:
  static Result<std::unique_ptr<VideoReader>> Open(const std::string& path,
                                                   const ReaderOptions& options);

  const MediaInfo& info() const override { return info_; }
  Result<MediaItem> Next() override;
  Result<bool> JumpTo(int64_t pts) override;

 private:
  explicit LibavReader(const ReaderOptions& options) : options_(options), filter_(options.filter) {}

  Status Start(const std::string& path);
  Status StartWith(const std::string& path, const DemuxOptions& demux);
  Status OpenDecoder();
  void PlanTrim(const std::string& path);
  Status Prime();
  const Frame& FirstFrame() const;
  void FinishInfo();
  Status PlanOutput(const AVFrame& first);
  void TakeChangedRate();
  void PlanTimes(int64_t first_pts);
  void PlanRate();
  void PlanOutputRate();

  bool CanJump() const;
  // Goes on from the last place before the time where the container lets pictures begin.
  Status Seek(double seconds);

  Status Pump();
  Status EndInput();
  Status TakeVideo(const AVPacket& packet);
  void PutPackets(std::vector<MediaPacket> packets);
  void NoticeUnmetChoices();
  void NoticeUnmetChoice(const StreamChoice& choice, StreamKind kind, const std::string& what);
  Status DrainFilter();
  Status DecodePacket(const AVPacket* packet);
  // Of another reader: its next one. kEndOfStream behind the last.
  Status TakeShown();
  Status TakePicture(AVFrame* picture);
  void CompletePicture(AVFrame* picture);
  Status ReceiveFiltered();
  void NoticeLosses(const AVFrame& picture);
  Status EndTrimmed(int64_t pts);
  void TakeFrame(FramePtr frame);
  void EndVideo(int64_t end_pts);
  void DeliverHeld(int64_t duration);
  void NoticeOnce(const std::string& text);

  ReaderOptions options_;
  std::unique_ptr<AvInput> pipe_;  // of an input that has been looked at
  std::unique_ptr<LibavDemuxer> demuxer_;
  AvCodecContextPtr decoder_;
  std::unique_ptr<VideoReader> pictures_;  // where it isn't the decoder that makes them
  FilterChain filter_;
  MediaInfo info_;
  OtherStreams others_;
  VideoPackets video_packets_;
  std::optional<TimeScan> scan_;  // where the input can be read twice

  int64_t origin_ = 0;                 // time zero of what comes out, in the source's ticks
  Rational source_time_base_;          // of the source's video stream
  int64_t next_guess_ = kNoTimestamp;  // in its ticks: where the next picture should be
  Trim trim_;
  PacketGate gate_;  // open once the first picture has come

  FramePtr held_;
  int64_t frames_out_ = 0;  // including the held one
  bool input_ended_ = false;
  std::deque<MediaItem> ready_;
  std::set<std::string> said_;  // notices that have been given
};

}  // namespace furl::media

#endif  // FURL_MEDIA_READ_LIBAV_READER_H_
