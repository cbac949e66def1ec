// Text subtitles from any form to any other. No packet takes long or becomes more than 1 MiB,
// whatever was converted before it.
//
// Input: source and target (4 bits each), 1 byte size of the source's headers, these, then packets
// behind their sizes (2 bytes).

#include <algorithm>
#include <array>
#include <memory>

#include "fuzz/fuzz_util.h"
#include "media/libav/subtitle_converter.h"

namespace furl {
namespace {

constexpr std::array<AVCodecID, 9> kSources = {
    AV_CODEC_ID_SUBRIP,    AV_CODEC_ID_ASS,      AV_CODEC_ID_MOV_TEXT,
    AV_CODEC_ID_WEBVTT,    AV_CODEC_ID_TEXT,     AV_CODEC_ID_MICRODVD,
    AV_CODEC_ID_SUBVIEWER, AV_CODEC_ID_REALTEXT, AV_CODEC_ID_DVB_SUBTITLE};
constexpr std::array<AVCodecID, 3> kTargets = {AV_CODEC_ID_SUBRIP, AV_CODEC_ID_MOV_TEXT,
                                               AV_CODEC_ID_WEBVTT};
constexpr size_t kMostText = size_t{1} << 20;

struct ParametersDeleter {
  void operator()(AVCodecParameters* p) const { avcodec_parameters_free(&p); }
};
using Parameters = std::unique_ptr<AVCodecParameters, ParametersDeleter>;

Parameters Source(AVCodecID codec, std::span<const uint8_t> headers) {
  Parameters params(avcodec_parameters_alloc());
  params->codec_type = AVMEDIA_TYPE_SUBTITLE;
  params->codec_id = codec;
  if (headers.empty()) return params;
  params->extradata =
      static_cast<uint8_t*>(av_mallocz(headers.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  std::ranges::copy(headers, params->extradata);
  params->extradata_size = static_cast<int>(headers.size());
  return params;
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::FuzzInput input(data, size);
  const uint8_t kinds = input.Byte();
  const auto source =
      furl::Source(furl::kSources[(kinds >> 4) % furl::kSources.size()], input.Take(input.Byte()));
  const AVCodecID target = furl::kTargets[kinds % furl::kTargets.size()];
  int notices = 0;
  const auto converter = furl::media::SubtitleConverter::Create(
      *source, target, std::make_shared<furl::media::ConversionBudget>(),
      [&](const std::string&) { ++notices; });
  if (!converter.ok()) return 0;
  while (!input.empty()) {
    const auto packet = input.Take(input.Number(2));
    const auto text = (*converter)->Convert({packet.begin(), packet.end()});
    FUZZ_CHECK(text.size() <= furl::kMostText);
  }
  FUZZ_CHECK(notices <= 1);
  const furl::Parameters out(avcodec_parameters_alloc());
  FUZZ_CHECK((*converter)->FillParameters(out.get()).ok());
  return 0;
}
