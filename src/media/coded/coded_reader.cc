#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "bitstream/raw_stream.h"
#include "media/coded/coded_sources.h"
#include "media/libav/libav_util.h"

namespace furl::media {
namespace {

constexpr uint8_t kFurlMagic[] = {'f', 'u', 'r', 'l'};
constexpr uint8_t kEbmlMagic[] = {0x1a, 0x45, 0xdf, 0xa3};
constexpr char kStandardInput[] = "standard input";
constexpr int kReadSize = 256 << 10;

// Appends what a read of up to kReadSize bytes gives; false at the end of file.
Result<bool> ReadSome(const std::string& name, int fd, const CancelFn& cancelled,
                      std::vector<uint8_t>* bytes) {
  const size_t size = bytes->size();
  bytes->resize(size + kReadSize);
  const int n = ReadFd(fd, bytes->data() + size, kReadSize, -1, cancelled);
  if (n < 0) return AvStatus(n, name, StatusCode::kIo);
  bytes->resize(size + static_cast<size_t>(n));
  return n > 0;
}

// The beginning of a file, `first` being known: at least `enough` bytes and what
// comes along, or all there is.
Result<std::vector<uint8_t>> ReadFirst(const std::string& name, int fd, std::vector<uint8_t> first,
                                       size_t enough, const CancelFn& cancelled) {
  bool more = true;
  while (more && first.size() < enough) {
    FURL_ASSIGN_OR_RETURN(more, ReadSome(name, fd, cancelled, &first));
  }
  return first;
}

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
    std::vector<uint8_t> bytes;
    FURL_ASSIGN_OR_RETURN(const bool more, ReadSome(path_, fd_, options_.cancelled, &bytes));
    if (!more) reader_.End();
    reader_.Append(bytes);
    return OkStatus();
  }

  std::string path_;
  int fd_;
  CodedReaderOptions options_;
  RawStreamReader reader_;
  std::unique_ptr<Result<MediaPacket>> first_;
};

bool StartsWith(std::span<const uint8_t> data, std::span<const uint8_t> magic) {
  return data.size() >= magic.size() && std::ranges::equal(data.first(magic.size()), magic);
}

// What a file is by its first bytes: nothing that it names is opened. Null if that isn't known.
const AVInputFormat* Probe(const std::string& path, std::vector<uint8_t> first) {
  const auto size = static_cast<int>(first.size());
  first.resize(first.size() + AVPROBE_PADDING_SIZE);
  const AVProbeData data = {path.c_str(), first.data(), size, nullptr};
  int score = 0;
  const AVInputFormat* format = av_probe_input_format3(&data, 1, &score);
  // Matroska it would be by its name alone.
  return size == 0 || format == av_find_input_format("matroska") ? nullptr : format;
}

// Other containers whose video may be a base that carries furl's.
bool MayCarry(const AVInputFormat& format) {
  return &format == av_find_input_format("mov") || &format == av_find_input_format("mpegts");
}

Status NotFurl(const std::string& path, const AVInputFormat* format) {
  if (format == nullptr) {
    return InvalidStream(path + ": neither Matroska nor a bare furl stream, or damaged");
  }
  return Unsupported(path + " holds " + format->long_name +
                     ", not furl's video; `furl encode` makes furl files");
}

int OpenFile(const std::string& path) { return open(path.c_str(), O_RDONLY | O_CLOEXEC); }

// Matroska of furl's own, or a copy that others made of a base that carries furl's.
Result<std::unique_ptr<CodedReader>> OpenAnyMatroska(const std::string& name, int fd,
                                                     std::vector<uint8_t> first,
                                                     const CodedReaderOptions& options) {
  auto own = OpenMatroskaSource(name, fd, std::move(first), options);
  const bool from_stdin = fd == STDIN_FILENO;  // which can't be read twice
  if (from_stdin || own.status().code() != StatusCode::kUnsupported) return own;
  const int again = OpenFile(name);
  if (again < 0) return own;
  CodedReaderOptions quiet = options;
  quiet.notice = nullptr;  // all has been said
  auto carried = OpenCarriedSource(name, again, {}, "matroska", quiet);
  return carried.status().code() == StatusCode::kUnsupported ? std::move(own) : std::move(carried);
}

}  // namespace

Status CodedReader::TakeHeader(const SequenceLimits& limits) {
  FURL_ASSIGN_OR_RETURN(header_, ParseSequenceHeader(header_bytes_, limits));
  VideoInfo& video = info_.video;
  video.format() = header_.format();
  video.codec = "furl";
  video.constant_frame_rate =
      video.time_base.num * video.frame_rate.num == video.time_base.den * video.frame_rate.den;
  return OkStatus();
}

bool HasFurlMagic(std::span<const uint8_t> data) { return StartsWith(data, kFurlMagic); }

Result<std::unique_ptr<CodedReader>> OpenBareSource(const std::string& path, int fd,
                                                    std::vector<uint8_t> first,
                                                    const CodedReaderOptions& options) {
  return BareSource::Open(path, fd, first, options);
}

Result<std::vector<uint8_t>> ReadInputStart(const CancelFn& cancelled, size_t least) {
  return ReadFirst(kStandardInput, STDIN_FILENO, {}, least, cancelled);
}

bool StartsCoded(std::span<const uint8_t> start) {
  if (HasFurlMagic(start)) return true;
  if (!StartsWith(start, kEbmlMagic)) return false;
  const std::string_view id = kMatroskaCodecId;
  return std::search(start.begin(), start.end(), id.begin(), id.end()) != start.end();
}

Result<std::unique_ptr<CodedReader>> OpenCoded(const std::string& path,
                                               const CodedReaderOptions& options) {
  const bool from_stdin = path == "-";
  const int fd = from_stdin ? STDIN_FILENO : OpenFile(path);
  if (fd < 0) return IoError(path + ": " + std::strerror(errno));
  const std::string name = from_stdin ? kStandardInput : path;
  Result<std::vector<uint8_t>> first =
      ReadFirst(name, fd, options.input_start, sizeof(kFurlMagic), options.cancelled);
  if (!first.ok()) {
    if (!from_stdin) close(fd);
    return first.status();
  }
  if (HasFurlMagic(*first)) return OpenBareSource(name, fd, std::move(*first), options);
  if (StartsWith(*first, kEbmlMagic)) return OpenAnyMatroska(name, fd, std::move(*first), options);
  const AVInputFormat* format = Probe(path, *first);
  if (format != nullptr && MayCarry(*format)) {
    return OpenCarriedSource(name, fd, std::move(*first), format->name, options);
  }
  if (!from_stdin) close(fd);
  return NotFurl(name, format);
}

}  // namespace furl::media
