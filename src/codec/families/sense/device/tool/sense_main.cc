// furl-sense: what a camera with libfurlsense does, with a YUV4MPEG2 file for the camera. Writes a
// bare furl stream, and tells how long measuring and coding took.

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include "base/file.h"
#include "bitstream/raw_stream.h"
#include "codec/families/sense/device/tool/tool_options.h"
#include "codec/families/sense/device/tool/y4m_rows.h"
#include "furl/furl_sense.h"

namespace furl::sense {
namespace {

// Closes what the C interface gave.
struct Closer {
  void operator()(furl_sense_encoder* encoder) const { furl_sense_close(encoder); }
};
using EncoderPtr = std::unique_ptr<furl_sense_encoder, Closer>;

Status CheckStatus(furl_sense_status status) {
  if (status == FURL_SENSE_OK) return OkStatus();
  if (status == FURL_SENSE_OUT_OF_MEMORY) return {StatusCode::kOutOfMemory, "out of memory"};
  return InvalidArgument("the encoder refuses the size, the settings or the picture");
}

Status ParseId(const std::string& hex, uint8_t id[16]) {
  if (hex.empty()) return OkStatus();
  if (hex.size() != 32 || hex.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
    return InvalidArgument("--model-id takes 32 hexadecimal digits");
  }
  for (int i = 0; i < 16; ++i) {
    id[i] = static_cast<uint8_t>(std::stoi(hex.substr(2 * static_cast<size_t>(i), 2), nullptr, 16));
  }
  return OkStatus();
}

Result<EncoderPtr> OpenEncoder(const ToolOptions& options, const Y4mRows& input) {
  furl_sense_settings settings;
  furl_sense_settings_init(&settings, sizeof(settings));
  settings.width = input.width();
  settings.height = input.height();
  settings.crf = options.crf;
  settings.gop_length = options.gop;
  settings.frame_rate_num = static_cast<int>(input.frame_rate().num);
  settings.frame_rate_den = static_cast<int>(input.frame_rate().den);
  FURL_RETURN_IF_ERROR(ParseId(options.model_id, settings.model_id));
  furl_sense_encoder* encoder = nullptr;
  FURL_RETURN_IF_ERROR(CheckStatus(furl_sense_open(&encoder, &settings)));
  return EncoderPtr(encoder);
}

// Codes one picture; adds the time that the encoder took to `seconds`.
Result<furl_sense_packet> EncodePicture(int64_t picture, Y4mRows* input,
                                        furl_sense_encoder* encoder, double* seconds) {
  using Clock = std::chrono::steady_clock;
  FURL_RETURN_IF_ERROR(CheckStatus(furl_sense_begin_picture(encoder)));
  for (int row = 0; row * 16 < input->height(); ++row) {
    FURL_RETURN_IF_ERROR(input->Read(picture, row));
    furl_sense_rows rows;
    for (int p = 0; p < 3; ++p) {
      rows.planes[p] = input->plane(p);
      rows.strides[p] = input->stride(p);
    }
    const auto start = Clock::now();
    FURL_RETURN_IF_ERROR(CheckStatus(furl_sense_push_rows(encoder, &rows)));
    *seconds += std::chrono::duration<double>(Clock::now() - start).count();
  }
  furl_sense_packet packet;
  const bool last = picture + 1 == input->pictures();
  FURL_RETURN_IF_ERROR(CheckStatus(furl_sense_end_picture(encoder, last, &packet)));
  return packet;
}

Status Run(const ToolOptions& options) {
  FURL_ASSIGN_OR_RETURN(Y4mRows input, Y4mRows::Open(options.input));
  FURL_ASSIGN_OR_RETURN(const EncoderPtr encoder, OpenEncoder(options, input));
  FURL_ASSIGN_OR_RETURN(FileWriter file, FileWriter::Open(options.output));
  RawStreamWriter writer([&](std::span<const uint8_t> bytes) { return file.Write(bytes); });
  const uint8_t* header;
  size_t size;
  FURL_RETURN_IF_ERROR(CheckStatus(furl_sense_sequence_header(encoder.get(), &header, &size)));
  FURL_RETURN_IF_ERROR(writer.WriteHeader({header, size}));
  double seconds = 0;
  size_t bytes = 0;
  for (int64_t i = 0; i < input.pictures(); ++i) {
    FURL_ASSIGN_OR_RETURN(const furl_sense_packet packet,
                          EncodePicture(i, &input, encoder.get(), &seconds));
    FURL_RETURN_IF_ERROR(writer.WritePacket({packet.data, packet.size}, i, 1, packet.key != 0));
    bytes += packet.size;
  }
  FURL_RETURN_IF_ERROR(writer.Finish());
  FURL_RETURN_IF_ERROR(file.Commit());
  std::printf("%lld pictures, %zu bytes, %.3f ms per picture\n",
              static_cast<long long>(input.pictures()), bytes,
              1000 * seconds / static_cast<double>(std::max<int64_t>(input.pictures(), 1)));
  return OkStatus();
}

}  // namespace
}  // namespace furl::sense

int main(int argc, char** argv) {
  CLI::App app;
  furl::sense::ToolOptions options;
  furl::sense::AddToolOptions(&app, &options);
  CLI11_PARSE(app, argc, argv);
  const furl::Status status = furl::sense::Run(options);
  if (status.ok()) return 0;
  std::fprintf(stderr, "furl-sense: %s\n", status.message().c_str());
  return 1;
}
