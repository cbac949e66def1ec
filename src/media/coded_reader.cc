#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "bitstream/raw_stream.h"
#include "media/coded_io.h"
#include "media/libav_demuxer.h"

namespace furl::media {
namespace {

constexpr uint8_t kFurlMagic[] = {'f', 'u', 'r', 'l'};
constexpr size_t kReadSize = size_t{256} << 10;

bool HasMagic(std::span<const uint8_t> data) {
  return data.size() >= sizeof(kFurlMagic) &&
         std::memcmp(data.data(), kFurlMagic, sizeof(kFurlMagic)) == 0;
}

// "00:01:02.345000000" in nanoseconds; -1 if it isn't that.
int64_t ParseDuration(const std::string& text) {
  int hours = 0;
  int minutes = 0;
  double seconds = 0;
  if (std::sscanf(text.c_str(), "%d:%d:%lf", &hours, &minutes, &seconds) != 3) return -1;
  const int64_t whole = (int64_t{hours} * 60 + minutes) * 60;
  return whole * 1000000000 + static_cast<int64_t>(seconds * 1e9 + 0.5);
}

class MatroskaSource : public CodedReader {
 public:
  static Result<std::unique_ptr<CodedReader>> Open(const std::string& path,
                                                   const CodedReaderOptions& options) {
    std::unique_ptr<MatroskaSource> source(new MatroskaSource);
    FURL_RETURN_IF_ERROR(source->Start(path, options));
    return std::unique_ptr<CodedReader>(std::move(source));
  }

  Result<MediaPacket> Next() override {
    for (;;) {
      FURL_ASSIGN_OR_RETURN(AvPacketPtr packet, demuxer_->ReadPacket());
      const int stream = demuxer_->MapStream(*packet);
      if (stream == LibavDemuxer::kIgnored) continue;
      MediaPacket out = demuxer_->Convert(*packet);
      if (stream == kVideoStream) {
        if (out.pts == kNoTimestamp) return InvalidStream("a video packet has no timestamp");
        out.pts = Rescale(out.pts, container_time_base_, info_.video.time_base);
        out.duration = Rescale(out.duration, container_time_base_, info_.video.time_base);
        out.dts = kNoTimestamp;
      }
      return out;
    }
  }

 private:
  Status Start(const std::string& path, const CodedReaderOptions& options) {
    DemuxOptions demux;
    demux.other_streams = options.other_streams;
    demux.notice = options.notice;
    demux.cancelled = options.cancelled;
    FURL_ASSIGN_OR_RETURN(demuxer_, LibavDemuxer::Open(path, demux));
    const AVCodecParameters& params = *demuxer_->video_stream()->codecpar;
    const std::span<const uint8_t> extradata(params.extradata, std::max(params.extradata_size, 0));
    if (params.codec_id != AV_CODEC_ID_NONE || !HasMagic(extradata)) {
      return Unsupported(path + " holds " + demuxer_->info().video.codec +
                         " video, not furl's; `furl encode` makes furl files");
    }
    info_ = demuxer_->info();
    container_time_base_ = info_.video.time_base;
    header_bytes_.assign(extradata.begin(), extradata.end());
    SequenceHeader parsed;
    FURL_ASSIGN_OR_RETURN(parsed, ParseSequenceHeader(header_bytes_, options.limits));
    FURL_RETURN_IF_ERROR(TakeHeader(options.limits));
    const int64_t end_ns = ParseDuration(FindTag(info_.video.tags, "DURATION"));
    if (end_ns > 0) end_pts_ = Rescale(end_ns, {1, 1000000000}, info_.video.time_base);
    if (end_pts_ != kNoTimestamp) {
      // Exact for constant rates that start at zero, else good for an estimate.
      const double seconds = static_cast<double>(end_pts_) * info_.video.time_base.value();
      info_.video.frame_count = std::llround(seconds * info_.video.frame_rate.value());
    }
    return OkStatus();
  }

  std::unique_ptr<LibavDemuxer> demuxer_;
  Rational container_time_base_;
};

class BareSource : public CodedReader {
 public:
  ~BareSource() override {
    if (fd_ > STDERR_FILENO) close(fd_);
  }

  static Result<std::unique_ptr<CodedReader>> Open(const std::string& path, int fd,
                                                   std::span<const uint8_t> first,
                                                   const CodedReaderOptions& options) {
    std::unique_ptr<BareSource> source(new BareSource(path, fd, options));
    source->reader_.Append(first);
    auto packet = source->Read();
    if (source->reader_.sequence_header().empty()) return packet.status().WithContext(path);
    const auto header = source->reader_.sequence_header();
    source->header_bytes_.assign(header.begin(), header.end());
    FURL_RETURN_IF_ERROR(source->TakeHeader(options.limits));
    source->info_.format = "furl";
    source->first_ = std::make_unique<Result<MediaPacket>>(std::move(packet));
    return std::unique_ptr<CodedReader>(std::move(source));
  }

  Result<MediaPacket> Next() override {
    if (first_ == nullptr) return Read();
    Result<MediaPacket> packet = std::move(*first_);
    first_.reset();
    return packet;
  }

 private:
  BareSource(const std::string& path, int fd, const CodedReaderOptions& options)
      : path_(path), fd_(fd), options_(options), reader_(options.limits) {}

  Result<MediaPacket> Read() {
    for (;;) {
      auto packet = reader_.Next();
      if (packet.ok()) {
        MediaPacket out;
        out.data = std::move(packet->data);
        out.pts = packet->pts;
        out.duration = packet->duration;
        out.key = packet->key;
        return out;
      }
      if (packet.status().code() != StatusCode::kNeedMoreData) return packet.status();
      FURL_RETURN_IF_ERROR(Fill());
    }
  }

  Status Fill() {
    if (options_.cancelled && options_.cancelled()) {
      return Status(StatusCode::kCancelled, "interrupted");
    }
    std::vector<uint8_t> bytes(kReadSize);
    const ssize_t n = read(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) return OkStatus();
    if (n < 0) return IoError(path_ + ": " + std::strerror(errno));
    if (n == 0) reader_.End();
    reader_.Append(std::span(bytes).first(static_cast<size_t>(n)));
    return OkStatus();
  }

  std::string path_;
  int fd_;
  CodedReaderOptions options_;
  RawStreamReader reader_;
  std::unique_ptr<Result<MediaPacket>> first_;
};

}  // namespace

Status CodedReader::TakeHeader(const SequenceLimits& limits) {
  FURL_ASSIGN_OR_RETURN(header_, ParseSequenceHeader(header_bytes_, limits));
  VideoInfo& video = info_.video;
  video.codec = "furl";
  video.width = header_.width;
  video.height = header_.height;
  video.bit_depth = header_.bit_depth;
  video.time_base = header_.time_base;
  video.frame_rate = header_.frame_rate;
  video.sample_aspect = header_.sample_aspect;
  video.color = header_.color;
  video.constant_frame_rate =
      video.time_base.num * video.frame_rate.num == video.time_base.den * video.frame_rate.den;
  return OkStatus();
}

Result<std::unique_ptr<CodedReader>> OpenCoded(const std::string& path,
                                               const CodedReaderOptions& options) {
  const int fd = path == "-" ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return IoError(path + ": " + std::strerror(errno));
  std::vector<uint8_t> first(kReadSize);
  size_t size = 0;
  while (size < sizeof(kFurlMagic)) {
    const ssize_t n = read(fd, first.data() + size, first.size() - size);
    if (n < 0 && errno == EINTR) {
      if (options.cancelled && options.cancelled()) {
        if (fd != STDIN_FILENO) close(fd);
        return Status(StatusCode::kCancelled, "interrupted");
      }
      continue;
    }
    if (n < 0) {
      const Status status = IoError(path + ": " + std::strerror(errno));
      if (fd != STDIN_FILENO) close(fd);
      return status;
    }
    if (n == 0) break;
    size += static_cast<size_t>(n);
  }
  first.resize(size);
  if (HasMagic(first)) return BareSource::Open(path, fd, first, options);
  if (path == "-") {
    return InvalidStream("standard input is not a bare furl stream (Matroska needs a file name)");
  }
  close(fd);
  return MatroskaSource::Open(path, options);
}

}  // namespace furl::media
