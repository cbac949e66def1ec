// The committed conformance streams: reading and decoding them.

#ifndef FURL_TESTS_CONFORMANCE_STREAMS_H_
#define FURL_TESTS_CONFORMANCE_STREAMS_H_

#include <memory>
#include <string>
#include <utility>

#include "base/file.h"
#include "bitstream/raw_stream.h"
#include "codec/dec/decode_packet.h"
#include "conformance/cases.h"

namespace furl::test {

inline std::string StreamPath(const ConformanceCase& c, const char* suffix) {
  return std::string(FURL_SOURCE_DIR) + "/tests/conformance/streams/" + c.name + suffix;
}

// Decodes the stream of a case. Errors are those of the decoder or of `take`, or that the decoder
// misses frames.
inline Status DecodeStream(const ConformanceCase& c, const FamilyPtr& family,
                           const DecoderSettings& settings, const PictureSink& take) {
  FURL_ASSIGN_OR_RETURN(const auto bytes, ReadFile(StreamPath(c, ".furl"), size_t{1} << 20));
  RawStreamReader reader;
  reader.Append(bytes);
  reader.End();
  std::unique_ptr<Decoder> decoder;
  for (auto packet = reader.Next();; packet = reader.Next()) {
    if (packet.status().code() == StatusCode::kEndOfStream) break;
    FURL_RETURN_IF_ERROR(packet.status());
    if (decoder == nullptr) {
      FURL_ASSIGN_OR_RETURN(decoder, Decoder::Create(reader.sequence_header(), family, settings));
    }
    FURL_RETURN_IF_ERROR(
        DecodePacket(decoder.get(), packet->data, {packet->pts, packet->duration}, take));
  }
  if (decoder == nullptr) return InvalidStream("no packets");
  FURL_RETURN_IF_ERROR(FlushDecoder(decoder.get(), take));
  if (decoder->statistics().missing_frames > 0) return InvalidStream("frames are missing");
  return OkStatus();
}

}  // namespace furl::test

#endif  // FURL_TESTS_CONFORMANCE_STREAMS_H_
