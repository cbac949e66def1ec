// LibavReader: the VideoReader over libavformat and libavcodec.
//
// demux -> decode -> trim -> FilterChain -> exact times -> items. One frame is
// held back, because only its successor tells how long it lasts.

#ifndef FURL_MEDIA_LIBAV_READER_H_
#define FURL_MEDIA_LIBAV_READER_H_

#include <deque>
#include <memory>
#include <set>
#include <string>

#include "media/libav_demuxer.h"
#include "media/pipe_input.h"
#include "media/time_scan.h"
#include "media/video_reader.h"

namespace furl::media {

class LibavReader : public VideoReader {
 public:
  static Result<std::unique_ptr<VideoReader>> Open(const std::string& path,
                                                   const ReaderOptions& options);

  const MediaInfo& info() const override { return info_; }
  Result<MediaItem> Next() override;

 private:
  explicit LibavReader(const ReaderOptions& options) : options_(options), filter_(options.filter) {}

  Status Start(const std::string& path);
  Status OpenDecoder();
  Status PlanTrim(const std::string& path);
  Status Prime();
  const Frame& FirstFrame() const;
  void FinishInfo();
  void PlanTimes(int64_t first_pts);
  void PlanRate();
  void PlanOutputRate();
  void TrimChapters();

  Status Pump();
  Status DecodePacket(const AVPacket* packet);
  Status TakePicture(AVFrame* picture);
  void CompletePicture(AVFrame* picture);
  Status ReceiveFiltered();
  void TakeFrame(FramePtr frame);
  void EndVideo(int64_t end_pts);
  void TakePacket(MediaPacket packet);
  void ReleasePackets();
  void Notice(const std::string& text) const;
  void NoticeOnce(bool* said, const std::string& text) const;

  ReaderOptions options_;
  std::unique_ptr<PipeInput> pipe_;  // of an input that has been looked at
  std::unique_ptr<LibavDemuxer> demuxer_;
  AvCodecContextPtr decoder_;
  FilterChain filter_;
  MediaInfo info_;
  bool have_scan_ = false;
  TimeScan scan_;

  // In ticks of the source's video stream.
  Rational source_time_base_;
  int64_t start_pts_ = INT64_MIN;
  int64_t end_pts_ = INT64_MAX;
  int64_t container_start_ = 0;
  bool origin_known_ = false;
  int64_t origin_ = 0;  // becomes time zero
  int64_t next_guess_ = kNoTimestamp;

  FramePtr held_;
  int64_t frames_out_ = 0;  // including the held one
  bool video_ended_ = false;
  bool trimmed_ = false;   // video ended before its input did
  int64_t video_end_ = 0;  // in ticks of the output
  bool input_ended_ = false;
  int64_t last_ready_pts_ = INT64_MIN;
  std::deque<MediaItem> ready_;
  std::deque<MediaPacket> waiting_;  // until the origin or the end is known
  bool said_damaged_ = false;
  bool said_interlaced_ = false;
  bool said_order_ = false;
  std::set<std::string> said_lost_;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_READER_H_
