// furl-coded video in its containers: Matroska with codec id V_FURL, the bare .furl stream, and
// what the packets of a base carry (docs/hybrid.md) in mp4, MPEG-TS and Matroska.

#ifndef FURL_MEDIA_CODED_IO_H_
#define FURL_MEDIA_CODED_IO_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "bitstream/sequence_header.h"
#include "media/frame_writer.h"
#include "media/media_info.h"

namespace furl::media {

class CodedReader {
 public:
  virtual ~CodedReader() = default;

  // Video as the sequence header tells it, with everything the container adds.
  const MediaInfo& info() const { return info_; }
  const SequenceHeader& header() const { return header_; }
  std::span<const uint8_t> sequence_header() const { return header_bytes_; }

  // End of the last picture in ticks, or kNoTimestamp if the container doesn't
  // say.
  int64_t end_pts() const { return end_pts_; }

  // The next packet; video ones in coding order, times in ticks of
  // info().video.time_base. kEndOfStream at the end. kInvalidStream reports
  // damage between packets: call again to go on behind it.
  virtual Result<MediaPacket> Next() = 0;

  // Where the damage that Next() reported last begins, in ticks: kNoTimestamp
  // behind the last packet, kUnknownPlace where that isn't known either.
  static constexpr int64_t kUnknownPlace = INT64_MAX;
  int64_t damage_pts() const { return damage_pts_; }

 protected:
  // Fills header_ and the video part of info_ from header_bytes_.
  Status TakeHeader(const SequenceLimits& limits);

  MediaInfo info_;
  SequenceHeader header_;
  std::vector<uint8_t> header_bytes_;
  int64_t end_pts_ = kNoTimestamp;
  int64_t damage_pts_ = kNoTimestamp;
};

struct CodedReaderOptions {
  SequenceLimits limits;
  bool other_streams = true;
  // Of standard input: bytes that have been read from it (ReadInputStart).
  std::vector<uint8_t> input_start;
  NoticeFn notice;
  CancelFn cancelled;
};

// The beginning of standard input: at least so many bytes, unless it ends before. For those
// who must look before they choose a reader, and hand it on in the reader's options.
inline constexpr size_t kInputStart = size_t{256} << 10;
Result<std::vector<uint8_t>> ReadInputStart(const CancelFn& cancelled, size_t least = kInputStart);

// Whether `start` begins something that OpenCoded opens: a bare stream, or Matroska
// whose tracks, seen so far, have one of furl's.
bool StartsCoded(std::span<const uint8_t> start);

// Opens what `furl encode` and `furl enhance` wrote; "-" is standard input. Containers are
// recognized by what they hold, so pipes need no name either.
// kUnsupported if the file is media, but not furl's.
Result<std::unique_ptr<CodedReader>> OpenCoded(const std::string& path,
                                               const CodedReaderOptions& options);

class CodedWriter {
 public:
  virtual ~CodedWriter() = default;

  // Video packets (stream kVideoStream) in coding order, the first one a key,
  // and packets of copied streams in between.
  virtual Status WritePacket(const MediaPacket& packet) = 0;
  virtual Status Finish() = 0;
  virtual int64_t bytes_written() const = 0;
  virtual bool keeps_packets() const = 0;
};

enum class BaseRule { kHasNone, kMayHave, kMustHave };

struct CodedWriterKind {
  const char* suffix;
  const char* description;
  BaseRule base;
  Result<std::unique_ptr<CodedWriter>> (*open)(const std::string& path, const MediaInfo& info,
                                               std::span<const uint8_t> sequence_header,
                                               const WriterOptions& options);
};

// All kinds of output there are for coded video.
std::span<const CodedWriterKind> CodedWriterKinds();

// The kind that the end of `path` chooses for video with or without a base; kInvalidArgument if
// none fits.
Result<const CodedWriterKind*> FindCodedWriter(const std::string& path, bool base);

// Chooses by the end of `path`; "-" is a bare stream on standard output.
Result<std::unique_ptr<CodedWriter>> OpenCodedWriter(const std::string& path, const MediaInfo& info,
                                                     std::span<const uint8_t> sequence_header,
                                                     const WriterOptions& options);

inline constexpr char kMatroskaCodecId[] = "V_FURL";

}  // namespace furl::media

#endif  // FURL_MEDIA_CODED_IO_H_
