// LibavDemuxer: opens anything libavformat reads and says what is inside.

#ifndef FURL_MEDIA_LIBAV_LIBAV_DEMUXER_H_
#define FURL_MEDIA_LIBAV_LIBAV_DEMUXER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/libav/av_input.h"
#include "media/libav/clock_bridge.h"
#include "media/libav/libav_util.h"
#include "media/media_info.h"
#include "media/stream_choice.h"

namespace furl::media {

struct DemuxOptions {
  std::string format;        // libavformat input name; empty probes
  AvInput* input = nullptr;  // read this, not the path; borrowed
  // Opens nothing that the input names. Otherwise files, where the path's name says that it is a
  // list of them, and addresses, where the path itself is one.
  bool alone = false;
  Tags options;  // demuxer options, e.g. video_size for rawvideo
  // Set: the video is the first stream that this is true of, if there is one, and the first other
  // video stream is its base. Empty: the video is libavformat's choice and has no base.
  std::function<bool(const AVCodecParameters&)> is_video;
  bool other_streams = true;  // false: video only
  StreamChoice sound;         // which of them; that they become another codec is not done here
  StreamChoice subtitles;
  NoticeFn notice;
  CancelFn cancelled;
};

class LibavDemuxer {
 public:
  // Opens `path`, "-" being standard input. kIo if it can't be read,
  // kInvalidStream if it isn't media, kUnsupported without a video stream.
  static Result<std::unique_ptr<LibavDemuxer>> Open(const std::string& path,
                                                    const DemuxOptions& options);
  ~LibavDemuxer();
  LibavDemuxer(const LibavDemuxer&) = delete;
  LibavDemuxer& operator=(const LibavDemuxer&) = delete;

  // As the container tells it; the decoder may know better.
  const MediaInfo& info() const { return info_; }
  AVFormatContext* context() const { return context_; }
  AVStream* video_stream() const { return context_->streams[video_index_]; }
  bool seekable() const;

  // kVideoStream, kBaseStream, an index into info().streams, or kIgnored.
  static constexpr int kIgnored = -2;
  int MapStream(const AVPacket& packet) const;

  // The next packet of any stream; kEndOfStream at the end. A damaged tail
  // ends the stream with a notice. Jumps of a transport stream's clock are bridged, with one too.
  Result<AvPacketPtr> ReadPacket();

  // `packet`, of copied stream or video, in furl's form.
  MediaPacket Convert(const AVPacket& packet) const;

  // Goes to a point at or before `seconds` of presentation time.
  Status SeekTo(double seconds);

 private:
  LibavDemuxer() = default;
  Status OpenInput(const std::string& path);
  Status WhyNot(int error, const std::string& path) const;
  static int Interrupted(void* self);
  int ChooseVideo() const;
  void Describe();
  bool TakeBase(const AVStream& stream, int index);
  void DescribeVideo();
  Result<AvPacketPtr> ReadFromFile();
  void NoteEnd(const AVPacket& packet);
  void NoticeIfShort();
  Status AddStream(AVStream* stream, int index);
  bool IsWanted(const AVStream& stream, int index) const;
  void AddAttachment(const AVStream& stream, const uint8_t* data, int size);

  DemuxOptions options_;
  std::string path_;                 // for messages
  std::unique_ptr<AvInput> sealed_;  // of a sealed file that nobody opened
  double end_seconds_ = -1;          // of all packets read; negative: none
  AVFormatContext* context_ = nullptr;
  int video_index_ = -1;
  std::unique_ptr<ClockBridge> bridge_;
  std::vector<int> map_;
  MediaInfo info_;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_LIBAV_LIBAV_DEMUXER_H_
