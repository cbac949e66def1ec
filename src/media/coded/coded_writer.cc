#include <string_view>

#include "bitstream/raw_stream.h"
#include "media/coded/coded_sinks.h"
#include "media/matroska/matroska_writer.h"

namespace furl::media {
namespace {

class MatroskaSink : public CodedWriter {
 public:
  explicit MatroskaSink(std::unique_ptr<MatroskaWriter> writer) : writer_(std::move(writer)) {}

  Status WritePacket(const MediaPacket& packet) override { return writer_->WritePacket(packet); }
  Status Finish() override { return writer_->Finish(); }
  int64_t bytes_written() const override { return writer_->bytes_written(); }
  bool keeps_packets() const override { return true; }

 private:
  std::unique_ptr<MatroskaWriter> writer_;
};

Result<std::unique_ptr<CodedWriter>> OpenMatroska(const std::string& path, const MediaInfo& info,
                                                  std::span<const uint8_t> sequence_header,
                                                  const WriterOptions& options) {
  FURL_ASSIGN_OR_RETURN(auto file, OpenCodedOutput(path, options));
  MatroskaVideoTrack track;
  track.codec_id = kMatroskaCodecId;
  track.codec_private.assign(sequence_header.begin(), sequence_header.end());
  FURL_ASSIGN_OR_RETURN(auto writer,
                        MatroskaWriter::Create(std::move(file), info, track, options.notice));
  return std::unique_ptr<CodedWriter>(std::make_unique<MatroskaSink>(std::move(writer)));
}

class BareSink : public CodedWriter {
 public:
  explicit BareSink(std::unique_ptr<OutputFile> file)
      : file_(std::move(file)),
        writer_([this](std::span<const uint8_t> bytes) { return file_->Write(bytes); }) {}

  Status Start(std::span<const uint8_t> sequence_header) {
    return writer_.WriteHeader(sequence_header);
  }
  Status WritePacket(const MediaPacket& packet) override {
    if (packet.stream != kVideoStream) return OkStatus();
    if (packet.key) FURL_RETURN_IF_ERROR(file_->EndPart());
    return writer_.WritePacket(packet.data, packet.pts, packet.duration, packet.key);
  }
  Status Finish() override {
    FURL_RETURN_IF_ERROR(writer_.Finish());
    return file_->Commit();
  }
  int64_t bytes_written() const override { return file_->stored(); }
  bool keeps_packets() const override { return false; }

 private:
  std::unique_ptr<OutputFile> file_;
  RawStreamWriter writer_;
};

Result<std::unique_ptr<CodedWriter>> OpenBare(const std::string& path, const MediaInfo& info,
                                              std::span<const uint8_t> sequence_header,
                                              const WriterOptions& options) {
  if (options.notice && (!info.streams.empty() || !info.attachments.empty())) {
    options.notice("a bare stream holds video only; sound, subtitles and the like are left out");
  }
  FURL_ASSIGN_OR_RETURN(auto file, OpenCodedOutput(path, options));
  auto sink = std::make_unique<BareSink>(std::move(file));
  FURL_RETURN_IF_ERROR(sink->Start(sequence_header));
  return std::unique_ptr<CodedWriter>(std::move(sink));
}

constexpr CodedWriterKind kKinds[] = {
    {".mkv", "Matroska: video with sound, subtitles, chapters, ...", BaseRule::kMayHave,
     OpenMatroska},
    {".mp4", "mp4: a base that carries furl's part", BaseRule::kMustHave, OpenCarriedMp4},
    {".furl", "bare stream, video only", BaseRule::kHasNone, OpenBare},
    {"-", "bare stream on standard output", BaseRule::kHasNone, OpenBare},
};

Status CheckBase(const std::string& path, BaseRule rule, bool base) {
  if (base && rule == BaseRule::kHasNone) {
    return InvalidArgument("a base goes into .mkv or .mp4, not into a bare stream: " + path);
  }
  if (!base && rule == BaseRule::kMustHave) {
    return InvalidArgument(path +
                           ": mp4 holds furl's video only on top of a base (--base x264); "
                           "alone it goes into .mkv");
  }
  return OkStatus();
}

}  // namespace

Result<std::unique_ptr<OutputFile>> OpenCodedOutput(const std::string& path,
                                                    const WriterOptions& options) {
  if (options.discard) return OutputFile::Discard();
  FURL_ASSIGN_OR_RETURN(auto file, OutputFile::Open(path, options.overwrite));
  if (options.secret != nullptr) {
    FURL_ASSIGN_OR_RETURN(file, OutputFile::Seal(std::move(file), *options.secret));
  }
  file->set_accept(options.accept);
  return file;
}

std::span<const CodedWriterKind> CodedWriterKinds() { return kKinds; }

Result<const CodedWriterKind*> FindCodedWriter(const std::string& path, bool base) {
  for (const CodedWriterKind& kind : kKinds) {
    const std::string_view suffix = kind.suffix;
    const bool fits =
        suffix[0] == '.' ? path.size() > suffix.size() && path.ends_with(suffix) : path == suffix;
    if (!fits) continue;
    FURL_RETURN_IF_ERROR(CheckBase(path, kind.base, base));
    return &kind;
  }
  return InvalidArgument("the output's name must end in .mkv, .mp4 or .furl, or be -: " + path);
}

Result<std::unique_ptr<CodedWriter>> OpenCodedWriter(const std::string& path, const MediaInfo& info,
                                                     std::span<const uint8_t> sequence_header,
                                                     const WriterOptions& options) {
  FURL_ASSIGN_OR_RETURN(const CodedWriterKind* kind, FindCodedWriter(path, info.base.has_value()));
  return kind->open(path, info, sequence_header, options);
}

}  // namespace furl::media
