#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "bitstream/raw_stream.h"
#include "media/bytes/read_start.h"
#include "media/coded/coded_sources.h"
#include "media/libav/libav_util.h"

namespace furl::media {
namespace {

constexpr uint8_t kFurlMagic[] = {'f', 'u', 'r', 'l'};
constexpr uint8_t kEbmlMagic[] = {0x1a, 0x45, 0xdf, 0xa3};
constexpr size_t kReadSize = 256 << 10;

class BareSource : public CodedReader {
 public:
  static Result<std::unique_ptr<CodedReader>> Open(const std::string& path, ByteInputPtr bytes,
                                                   const CodedReaderOptions& options) {
    std::unique_ptr<BareSource> source(new BareSource(std::move(bytes), options));
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
  BareSource(ByteInputPtr bytes, const CodedReaderOptions& options)
      : bytes_(std::move(bytes)), reader_(options.limits) {}

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
    std::vector<uint8_t> piece(kReadSize);
    FURL_ASSIGN_OR_RETURN(const size_t n, bytes_->Read(position_, piece));
    if (n == 0) reader_.End();
    position_ += static_cast<int64_t>(n);
    reader_.Append(std::span(piece).first(n));
    return OkStatus();
  }

  ByteInputPtr bytes_;
  int64_t position_ = 0;
  RawStreamReader reader_;
  std::unique_ptr<Result<MediaPacket>> first_;
};

bool StartsWith(std::span<const uint8_t> data, std::span<const uint8_t> magic) {
  return data.size() >= magic.size() && std::ranges::equal(data.first(magic.size()), magic);
}

// What a file is by its first bytes: nothing that it names is opened. Null if that isn't known.
const AVInputFormat* Probe(const std::string& path, std::span<const uint8_t> start) {
  const auto size = static_cast<int>(start.size());
  std::vector<uint8_t> first(start.begin(), start.end());
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

// Matroska of furl's own, or a copy that others made of a base that carries furl's.
Result<std::unique_ptr<CodedReader>> OpenAnyMatroska(const std::string& name,
                                                     const ByteInputPtr& bytes,
                                                     const CodedReaderOptions& options) {
  auto own = OpenMatroskaSource(name, bytes, options);
  if (!bytes->seekable() || own.status().code() != StatusCode::kUnsupported) return own;
  CodedReaderOptions quiet = options;
  quiet.notice = nullptr;  // all has been said
  auto carried = OpenCarriedSource(name, bytes, "matroska", quiet);
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

Result<std::unique_ptr<CodedReader>> OpenBareSource(const std::string& path, ByteInputPtr bytes,
                                                    const CodedReaderOptions& options) {
  return BareSource::Open(path, std::move(bytes), options);
}

Result<std::vector<uint8_t>> ReadInputStart(const CancelFn& cancelled, size_t least) {
  return ReadStart(InputName("-"), STDIN_FILENO, {}, least, cancelled);
}

bool StartsCoded(std::span<const uint8_t> start) {
  if (HasFurlMagic(start) || seal::StartsSealed(start)) return true;
  if (!StartsWith(start, kEbmlMagic)) return false;
  const std::string_view id = kMatroskaCodecId;
  return std::search(start.begin(), start.end(), id.begin(), id.end()) != start.end();
}

Result<std::unique_ptr<CodedReader>> OpenCoded(const std::string& path,
                                               const CodedReaderOptions& options) {
  const std::string name = InputName(path);
  FURL_ASSIGN_OR_RETURN(ByteInputPtr bytes,
                        OpenBytes(path, options.input_start, options.cancelled));
  if (HasFurlMagic(bytes->start())) return OpenBareSource(name, std::move(bytes), options);
  if (StartsWith(bytes->start(), kEbmlMagic)) return OpenAnyMatroska(name, bytes, options);
  const AVInputFormat* format = Probe(path, bytes->start());
  if (format == nullptr || !MayCarry(*format)) return NotFurl(name, format);
  return OpenCarriedSource(name, std::move(bytes), format->name, options);
}

}  // namespace furl::media
