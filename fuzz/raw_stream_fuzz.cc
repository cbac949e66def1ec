// The bare stream, in pieces. The reader must come to an end, in a number of
// steps that the size allows, and give nothing that is larger than the input.
//
// Input: size of the pieces, mode (0: the stream is given as it is, else behind
// a good header), the stream.

#include "bitstream/raw_stream.h"
#include "fuzz/fuzz_util.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const size_t piece = 1 + 8 * size_t{input.Byte()};
  furl::RawStreamReader reader;
  if (input.Byte() != 0) {
    static const auto header = furl::WriteSequenceHeader({{.width = 64, .height = 64}}).value();
    reader.Append(header);
  }
  size_t given = 0;
  for (size_t steps = 0;; ++steps) {
    FUZZ_CHECK(steps <= 4 * size + 16);
    const auto packet = reader.Next();
    if (packet.ok()) {
      FUZZ_CHECK(!packet->data.empty());
      given += packet->data.size();
      continue;
    }
    const furl::StatusCode code = packet.status().code();
    if (code == furl::StatusCode::kEndOfStream) break;
    if (code == furl::StatusCode::kNeedMoreData) {
      if (input.empty()) reader.End();
      reader.Append(input.Take(piece));
    } else if (reader.sequence_header().empty()) {
      break;  // no use of this stream
    }
  }
  FUZZ_CHECK(given <= size);
  return 0;
}
