// The committed conformance streams: reading and decoding them.

#ifndef FURL_TESTS_CONFORMANCE_STREAMS_H_
#define FURL_TESTS_CONFORMANCE_STREAMS_H_

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "bitstream/raw_stream.h"
#include "codec/dec/decode_packet.h"
#include "codec/dec/hybrid_decoder.h"
#include "conformance/cases.h"

namespace furl::test {

inline std::string StreamFolder() {
  return std::string(FURL_SOURCE_DIR) + "/tests/conformance/streams";
}

inline std::string StreamPath(const ConformanceCase& c, const char* suffix) {
  return StreamFolder() + "/" + c.name + suffix;
}

struct ConformanceStream {
  std::vector<uint8_t> header;
  std::vector<RawPacket> packets;
  std::vector<ConstFramePtr> bases;  // at times 0, 1, ...

  // Whether a GOP begins at that time, the base's too.
  bool BeginsGop(int64_t pts) const {
    return std::any_of(packets.begin(), packets.end(),
                       [pts](const RawPacket& packet) { return packet.key && packet.pts == pts; });
  }
};

// The pictures of a base: planes one after the other, samples of one byte or, beyond 8 bits, of two
// with the lower one first.
inline Result<std::vector<ConstFramePtr>> ReadBases(const std::string& path,
                                                    const ConformanceCase& c) {
  FURL_ASSIGN_OR_RETURN(const auto bytes, ReadFile(path, size_t{1} << 20));
  const int wide = c.base.bit_depth > 8 ? 2 : 1;
  std::vector<ConstFramePtr> bases;
  size_t at = 0;
  for (int i = 0; i < c.frames; ++i) {
    FURL_ASSIGN_OR_RETURN(const FramePtr base,
                          Frame::Create(c.base.width, c.base.height, c.base.bit_depth));
    for (int p = 0; p < 3; ++p) {
      const Plane plane = base->plane(p);
      const size_t samples = static_cast<size_t>(plane.width) * plane.height;
      if (bytes.size() - at < samples * wide) return InvalidStream(path + " is too short");
      for (size_t s = 0; s < samples; ++s, at += wide) {
        const int high = wide == 2 ? bytes[at + 1] : 0;
        plane.row(static_cast<int>(s / plane.width))[s % plane.width] =
            static_cast<uint16_t>(bytes[at] + 256 * high);
      }
    }
    base->set_tag({i, 1});
    bases.push_back(base);
  }
  return bases;
}

inline Result<ConformanceStream> ReadStream(const ConformanceCase& c,
                                            const std::string& folder = StreamFolder()) {
  const std::string path = folder + "/" + c.name;
  FURL_ASSIGN_OR_RETURN(const auto bytes, ReadFile(path + ".furl", size_t{1} << 20));
  ConformanceStream stream;
  if (c.base) {
    FURL_ASSIGN_OR_RETURN(stream.bases, ReadBases(path + ".yuv", c));
  }
  RawStreamReader reader;
  reader.Append(bytes);
  reader.End();
  for (auto packet = reader.Next();; packet = reader.Next()) {
    if (packet.status().code() == StatusCode::kEndOfStream) break;
    FURL_RETURN_IF_ERROR(packet.status());
    stream.packets.push_back(std::move(*packet));
  }
  const auto header = reader.sequence_header();
  stream.header.assign(header.begin(), header.end());
  return stream;
}

// Decodes a stream that adds to a base; a picture that is the base's for want of another is an
// error.
inline Status DecodeAboveBase(const ConformanceStream& stream, std::unique_ptr<Decoder> above,
                              const PictureSink& take) {
  FURL_ASSIGN_OR_RETURN(const SequenceHeader header, ParseSequenceHeader(stream.header));
  HybridDecoder decoder(std::move(above), header, 0, nullptr);
  auto packet = stream.packets.begin();
  for (const ConstFramePtr& base : stream.bases) {
    FURL_RETURN_IF_ERROR(SendAndTake(
        &decoder, [&] { return decoder.SendBase(base, stream.BeginsGop(base->pts)); }, take));
    if (packet == stream.packets.end()) continue;
    const FrameTag tag = {packet->pts, packet->duration};
    FURL_RETURN_IF_ERROR(SendAndTake(
        &decoder, [&] { return decoder.SendPacket(packet->data, tag); }, take));
    ++packet;
  }
  FURL_RETURN_IF_ERROR(decoder.Flush());
  FURL_RETURN_IF_ERROR(TakeReady(&decoder, take));
  const DecoderStatistics statistics = decoder.statistics();
  const bool whole = statistics.damaged_frames + statistics.concealed_frames +
                         statistics.hashes_failed + statistics.missing_frames ==
                     0;
  return whole ? OkStatus() : InvalidStream("frames are damaged or missing");
}

// Decodes the stream of a case. Errors are those of the decoder or of `take`, or that the decoder
// misses frames.
inline Status DecodeStream(const ConformanceCase& c, const FamilyPtr& family,
                           DecoderSettings settings, const PictureSink& take,
                           const std::string& folder = StreamFolder()) {
  FURL_ASSIGN_OR_RETURN(const ConformanceStream stream, ReadStream(c, folder));
  if (stream.packets.empty()) return InvalidStream("no packets");
  if (c.base) settings.conceal = true;
  FURL_ASSIGN_OR_RETURN(auto decoder, Decoder::Create(stream.header, family, settings));
  if (c.base) return DecodeAboveBase(stream, std::move(decoder), take);
  for (const RawPacket& packet : stream.packets) {
    FURL_RETURN_IF_ERROR(
        DecodePacket(decoder.get(), packet.data, {packet.pts, packet.duration}, take));
  }
  FURL_RETURN_IF_ERROR(FlushDecoder(decoder.get(), take));
  if (decoder->statistics().missing_frames > 0) return InvalidStream("frames are missing");
  return OkStatus();
}

}  // namespace furl::test

#endif  // FURL_TESTS_CONFORMANCE_STREAMS_H_
