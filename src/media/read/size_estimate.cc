#include "media/read/size_estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "media/coded_io.h"
#include "media/libav/libav_demuxer.h"
#include "media/read/other_streams.h"

namespace furl::media {
namespace {

// Size of a stand-in: block sizes of 128 bytes to 16 kB are written in two bytes...
constexpr int64_t kStandInBytes = 1000;
// ...larger ones in three.
constexpr int64_t kLargeBlockBytes = 1;
// Nothing that NAL units would have to hide.
constexpr uint8_t kStandInByte = 0x55;
// A base's is one NAL unit of that size, its first bytes those of a picture.
constexpr std::array<uint8_t, 5> kStandInNal = {0, 0, (kStandInBytes - 4) >> 8,
                                                (kStandInBytes - 4) & 255, 0x65};
// How much later in the file than its time a packet may come, in seconds.
constexpr double kInterleaveSlack = 10;

class Counter {
 public:
  explicit Counter(const SizeEstimateInput& input) : in_(input) {}

  Result<int64_t> Run() {
    WriterOptions options;
    options.discard = true;
    FURL_ASSIGN_OR_RETURN(writer_,
                          OpenCodedWriter(in_.output, in_.info, in_.sequence_header, options));
    if (writer_->keeps_packets() && !in_.info.streams.empty()) {
      FURL_RETURN_IF_ERROR(CopyStreams());
    }
    FURL_RETURN_IF_ERROR(WriteVideoUntil(in_.seconds));
    while (written_ < in_.frames) FURL_RETURN_IF_ERROR(WriteStandIn());
    FURL_RETURN_IF_ERROR(writer_->Finish());
    const int64_t packets = in_.info.base ? 2 * written_ : written_;
    return writer_->bytes_written() - packets * (kStandInBytes - kLargeBlockBytes);
  }

 private:
  Status CopyStreams() {
    DemuxOptions demux;
    demux.format = in_.reader.format;
    demux.options = in_.reader.format_options;
    demux.sound = in_.reader.sound;
    demux.subtitles = in_.reader.subtitles;
    demux.cancelled = in_.reader.cancelled;
    FURL_ASSIGN_OR_RETURN(auto demuxer, LibavDemuxer::Open(in_.input, demux));
    MediaInfo info = demuxer->info();
    OtherStreams others;
    FURL_RETURN_IF_ERROR(others.Open(in_.reader.sound, &info));
    demuxer->video_stream()->discard = AVDISCARD_ALL;
    const int64_t start_time = demuxer->context()->start_time;
    double origin =
        start_time == AV_NOPTS_VALUE ? 0 : static_cast<double>(start_time) / AV_TIME_BASE;
    const double start = std::max(in_.reader.start, 0.0);
    // Where seeking fails, what comes before is skipped below.
    if (start > 0) (void)demuxer->SeekTo(origin + start);
    origin += start;
    for (;;) {
      auto packet = demuxer->ReadPacket();
      if (!packet.ok() && packet.status().code() == StatusCode::kEndOfStream) {
        std::vector<MediaPacket> last;
        FURL_RETURN_IF_ERROR(others.End(&last));
        return CountPackets(std::move(last), origin).status();
      }
      if (!packet.ok()) return packet.status();
      if (in_.reader.cancelled && in_.reader.cancelled()) {
        return Status(StatusCode::kCancelled, "interrupted");
      }
      const int stream = demuxer->MapStream(**packet);
      if (stream < 0) continue;
      std::vector<MediaPacket> packets;
      FURL_RETURN_IF_ERROR(others.Take(*demuxer, **packet, stream, &packets));
      FURL_ASSIGN_OR_RETURN(const bool more, CountPackets(std::move(packets), origin));
      if (!more) return OkStatus();
    }
  }

  // False: they are far behind the end of the video.
  Result<bool> CountPackets(std::vector<MediaPacket> packets, double origin) {
    const bool limited = in_.reader.duration > 0 || in_.reader.frames > 0;
    for (MediaPacket& packet : packets) {
      if (packet.pts == kNoTimestamp) continue;
      const Rational ticks = in_.info.streams[packet.stream].time_base;
      const double time = static_cast<double>(packet.pts) * ticks.value() - origin;
      if (limited && time > in_.seconds + kInterleaveSlack) return false;
      if ((in_.reader.start > 0 && time < 0) || (limited && time >= in_.seconds)) continue;
      packet.pts -= static_cast<int64_t>(std::llround(origin / ticks.value()));
      FURL_RETURN_IF_ERROR(WriteVideoUntil(time));
      FURL_RETURN_IF_ERROR(writer_->WritePacket(packet));
    }
    return true;
  }

  Status WriteVideoUntil(double seconds) {
    const double rate = static_cast<double>(in_.frames) / std::max(in_.seconds, 1e-6);
    while (written_ < in_.frames && static_cast<double>(written_) <= seconds * rate) {
      FURL_RETURN_IF_ERROR(WriteStandIn());
    }
    return OkStatus();
  }

  Status WriteStandIn() {
    const double tick = in_.info.video.time_base.value();
    const double step = in_.seconds / tick / static_cast<double>(in_.frames);
    MediaPacket packet;
    packet.data.assign(kStandInBytes, kStandInByte);
    packet.pts = static_cast<int64_t>(std::llround(static_cast<double>(written_) * step));
    packet.duration = std::max<int64_t>(1, std::llround(step));
    packet.key = written_ % std::max<int64_t>(in_.gop_frames, 1) == 0;
    ++written_;
    if (in_.info.base) {
      MediaPacket base = packet;
      base.stream = kBaseStream;
      std::copy(kStandInNal.begin(), kStandInNal.end(), base.data.begin());
      FURL_RETURN_IF_ERROR(writer_->WritePacket(base));
    }
    return writer_->WritePacket(packet);
  }

  const SizeEstimateInput& in_;
  std::unique_ptr<CodedWriter> writer_;
  int64_t written_ = 0;  // stand-ins, above as many of a base where there is one
};

}  // namespace

Result<int64_t> BytesBesideVideo(const SizeEstimateInput& input) { return Counter(input).Run(); }

}  // namespace furl::media
