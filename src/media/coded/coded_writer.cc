#include <string_view>

#include "bitstream/raw_stream.h"
#include "media/coded_io.h"
#include "media/matroska/matroska_writer.h"
#include "media/output_file.h"

namespace furl::media {
namespace {

Result<std::unique_ptr<OutputFile>> OpenOutput(const std::string& path,
                                               const WriterOptions& options) {
  if (options.discard) return OutputFile::Discard();
  FURL_ASSIGN_OR_RETURN(auto file, OutputFile::Open(path, options.overwrite));
  file->set_accept(options.accept);
  return file;
}

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
  FURL_ASSIGN_OR_RETURN(auto file, OpenOutput(path, options));
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
    return writer_.WritePacket(packet.data, packet.pts, packet.duration, packet.key);
  }
  Status Finish() override {
    FURL_RETURN_IF_ERROR(writer_.Finish());
    return file_->Commit();
  }
  int64_t bytes_written() const override { return file_->size(); }
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
  FURL_ASSIGN_OR_RETURN(auto file, OpenOutput(path, options));
  auto sink = std::make_unique<BareSink>(std::move(file));
  FURL_RETURN_IF_ERROR(sink->Start(sequence_header));
  return std::unique_ptr<CodedWriter>(std::move(sink));
}

constexpr CodedWriterKind kKinds[] = {
    {".mkv", "Matroska: video with sound, subtitles, chapters, ...", OpenMatroska},
    {".furl", "bare stream, video only", OpenBare},
    {"-", "bare stream on standard output", OpenBare},
};

}  // namespace

std::span<const CodedWriterKind> CodedWriterKinds() { return kKinds; }

Result<const CodedWriterKind*> FindCodedWriter(const std::string& path) {
  for (const CodedWriterKind& kind : kKinds) {
    const std::string_view suffix = kind.suffix;
    const bool fits =
        suffix[0] == '.' ? path.size() > suffix.size() && path.ends_with(suffix) : path == suffix;
    if (fits) return &kind;
  }
  return InvalidArgument("the output's name must end in .mkv or .furl, or be -: " + path);
}

Result<std::unique_ptr<CodedWriter>> OpenCodedWriter(const std::string& path, const MediaInfo& info,
                                                     std::span<const uint8_t> sequence_header,
                                                     const WriterOptions& options) {
  FURL_ASSIGN_OR_RETURN(const CodedWriterKind* kind, FindCodedWriter(path));
  return kind->open(path, info, sequence_header, options);
}

}  // namespace furl::media
