// ContainerMuxer: coded video and copied streams into mp4, QuickTime or NUT by libavformat.

#ifndef FURL_MEDIA_WRITE_CONTAINER_MUXER_H_
#define FURL_MEDIA_WRITE_CONTAINER_MUXER_H_

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "media/libav/libav_util.h"
#include "media/libav/subtitle_converter.h"
#include "media/media_info.h"
#include "media/output_file.h"

namespace furl::media {

// What libavformat is to write.
struct Container {
  const char* name;        // libavformat's
  bool mov = false;        // of the family of mp4
  bool quicktime = false;  // of that, .mov
  bool streams = false;    // can go into pipes
};
inline constexpr Container kMp4Container = {"mp4", true, false, false};

class ContainerMuxer {
 public:
  // Writes what precedes the first packet into `file`. The video has the parameters `video`, all
  // else of it is in info.video. What the container can't hold is named by `notice` and left out.
  // kUnsupported if the file is a pipe or device and the container can't go there.
  static Result<std::unique_ptr<ContainerMuxer>> Create(const Container& container,
                                                        std::unique_ptr<OutputFile> file,
                                                        const MediaInfo& info,
                                                        const AVCodecParameters& video,
                                                        const NoticeFn& notice);
  ~ContainerMuxer();
  ContainerMuxer(const ContainerMuxer&) = delete;
  ContainerMuxer& operator=(const ContainerMuxer&) = delete;

  // In decoding order, with pts, dts and duration in info.video.time_base.
  Status WriteVideo(const MediaPacket& packet);
  // Of info.streams.
  Status WritePacket(const MediaPacket& packet);
  // Completes and names the file.
  Status Finish();

  int64_t bytes_written() const { return file_->size(); }

 private:
  struct Stream {
    AVStream* stream = nullptr;                    // null: left out
    std::unique_ptr<SubtitleConverter> converter;  // of text, to mp4's own
    bool started = false;
    int64_t last = kNoTimestamp;  // time of the last packet
    int64_t next = kNoTimestamp;  // where the next packet of sound should begin
  };

  ContainerMuxer(const Container& container, const MediaInfo& info, const NoticeFn& notice)
      : container_(container), info_(info), notice_(notice) {}
  static int WriteBytes(void* self, uint8_t* data, int size);
  static int64_t SeekBytes(void* self, int64_t offset, int whence);
  void Notice(const std::string& text) const;
  Status Check(int error) const;
  bool Holds(AVCodecID codec) const;
  Status Start(const AVCodecParameters& video);
  Status OpenMuxer();
  Status AddVideo(const AVCodecParameters& params);
  Status AddStream(size_t index);
  Status FillParameters(const StreamInfo& info, Stream* out);
  Status AddPicture(const Attachment& attachment);
  Status AddChapters();
  Status WriteHeader();
  Status Mux(AVStream* stream, std::span<const uint8_t> data, int64_t pts, int64_t dts,
             int64_t duration, bool key);
  int64_t FollowSound(Stream* out, const MediaPacket& packet, int64_t pts) const;

  const Container container_;
  const MediaInfo info_;
  const NoticeFn notice_;
  ConversionBudgetPtr text_budget_ = std::make_shared<ConversionBudget>();
  std::unique_ptr<OutputFile> file_;
  AvIoPtr io_;
  AVFormatContext* context_ = nullptr;  // uses io_
  Status io_status_;
  AVStream* video_ = nullptr;
  std::vector<Stream> streams_;
  std::vector<std::pair<AVStream*, const Attachment*>> pictures_;
};

}  // namespace furl::media

#endif  // FURL_MEDIA_WRITE_CONTAINER_MUXER_H_
