#include "media/write/raw_writers.h"

#include <fmt/format.h>

#include "media/output_file.h"

namespace furl::media {
namespace {

class SampleWriter : public FrameWriter {
 public:
  SampleWriter(std::unique_ptr<OutputFile> file, bool y4m, int bit_depth)
      : file_(std::move(file)), y4m_(y4m), bit_depth_(bit_depth) {}

  Status WriteHeader(const std::string& header) { return file_->Write(header); }

  Status WriteFrame(const Frame& frame, int64_t) override {
    bytes_.clear();
    AppendSamples(frame, &bytes_);
    if (y4m_) FURL_RETURN_IF_ERROR(file_->Write("FRAME\n"));
    return file_->Write(bytes_);
  }
  Status WritePacket(const MediaPacket&) override { return OkStatus(); }
  Status Finish() override { return file_->Commit(); }
  std::string description() const override {
    return fmt::format("{}-bit 4:2:0, {}", bit_depth_, y4m_ ? "YUV4MPEG2" : "raw planes");
  }

 private:
  std::unique_ptr<OutputFile> file_;
  bool y4m_;
  int bit_depth_;
  std::vector<uint8_t> bytes_;
};

class NullWriter : public FrameWriter {
 public:
  Status WriteFrame(const Frame&, int64_t) override { return OkStatus(); }
  Status WritePacket(const MediaPacket&) override { return OkStatus(); }
  Status Finish() override { return OkStatus(); }
  std::string description() const override { return "nothing kept"; }
};

const char* Y4mChroma(const VideoInfo& video) {
  if (video.bit_depth > 8) return "420p10 XYSCSS=420P10";
  switch (video.color.chroma_location) {
    case 0: return "420mpeg2 XYSCSS=420MPEG2";
    case 2: return "420paldv XYSCSS=420PALDV";
    default: return "420jpeg XYSCSS=420JPEG";
  }
}

char Y4mFieldOrder(FieldOrder order) {
  switch (order) {
    case FieldOrder::kTopFirst: return 't';
    case FieldOrder::kBottomFirst: return 'b';
    default: return 'p';
  }
}

Result<std::unique_ptr<FrameWriter>> OpenSamples(const std::string& path, const MediaInfo& info,
                                                 const WriterOptions& options, bool y4m) {
  FURL_ASSIGN_OR_RETURN(auto file, OutputFile::Open(path, options.overwrite));
  const VideoInfo& video = info.video;
  auto writer = std::make_unique<SampleWriter>(std::move(file), y4m, video.bit_depth);
  if (y4m) FURL_RETURN_IF_ERROR(writer->WriteHeader(Y4mHeader(video)));
  return std::unique_ptr<FrameWriter>(std::move(writer));
}

}  // namespace

std::string Y4mHeader(const VideoInfo& video) {
  return fmt::format("YUV4MPEG2 W{} H{} F{}:{} I{} A{}:{} C{} XCOLORRANGE={}\n", video.width,
                     video.height, video.frame_rate.num, video.frame_rate.den,
                     Y4mFieldOrder(video.field_order), video.sample_aspect.num,
                     video.sample_aspect.den, Y4mChroma(video),
                     video.color.full_range ? "FULL" : "LIMITED");
}

void AppendSamples(const Frame& frame, std::vector<uint8_t>* out) {
  for (int p = 0; p < 3; ++p) {
    const ConstPlane plane = frame.plane(p);
    const size_t bytes = frame.bit_depth() > 8 ? 2 : 1;
    size_t at = out->size();
    out->resize(at + bytes * plane.width * plane.height);
    uint8_t* to = out->data() + at;
    for (int y = 0; y < plane.height; ++y) {
      const uint16_t* row = plane.row(y);
      for (int x = 0; x < plane.width; ++x) {
        *to++ = static_cast<uint8_t>(row[x]);
        if (bytes == 2) *to++ = static_cast<uint8_t>(row[x] >> 8);
      }
    }
  }
}

Result<std::unique_ptr<FrameWriter>> OpenY4mWriter(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options) {
  if (!info.video.constant_frame_rate && options.notice) {
    options.notice("y4m has a constant frame rate only; exact times are lost if they vary");
  }
  return OpenSamples(path, info, options, true);
}

Result<std::unique_ptr<FrameWriter>> OpenYuvWriter(const std::string& path, const MediaInfo& info,
                                                   const WriterOptions& options) {
  return OpenSamples(path, info, options, false);
}

Result<std::unique_ptr<FrameWriter>> OpenNullWriter(const std::string&, const MediaInfo&,
                                                    const WriterOptions&) {
  return std::unique_ptr<FrameWriter>(std::make_unique<NullWriter>());
}

}  // namespace furl::media
