#include "cli/package/package_options.h"

#include <fmt/format.h>

#include "cli/options/parse.h"

namespace furl::cli {
namespace {

Result<std::vector<session::Rung>> ParseRungs(const std::vector<std::string>& texts,
                                              const media::VideoInfo& video, size_t most,
                                              const char* option) {
  if (texts.size() > most) {
    return InvalidArgument(fmt::format("{} can be given {} times at most", option, most));
  }
  std::vector<session::Rung> rungs;
  for (const std::string& text : texts) {
    auto rung = ParseRung(text, video);
    if (!rung.ok()) return rung.status().WithContext(option);
    rungs.push_back(*rung);
  }
  return rungs;
}

}  // namespace

Result<session::Rung> ParseRung(const std::string& text, const media::VideoInfo& video) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) {
    return InvalidArgument("\"" + text + "\" is not a size and a rate like 1280x720:900k");
  }
  session::Rung rung = {video.width, video.height, 0};
  if (colon > 0) {
    FURL_ASSIGN_OR_RETURN(const Size size, ParseSize(text.substr(0, colon), true));
    const double shape = static_cast<double>(video.width) / video.height;
    rung.width = size.width > 0 ? size.width : static_cast<int>(size.height * shape / 2 + 0.5) * 2;
    rung.height =
        size.height > 0 ? size.height : static_cast<int>(size.width / shape / 2 + 0.5) * 2;
  }
  FURL_ASSIGN_OR_RETURN(rung.bits_per_second, ParseBitrate(text.substr(colon + 1)));
  if (rung.width < 16 || rung.height < 16 || rung.width > 16384 || rung.height > 16384) {
    return InvalidArgument(fmt::format("{}x{} is out of 16 to 16384", rung.width, rung.height));
  }
  return rung;
}

Result<session::PackageRequest> PackageRequestOf(const PackageOptions& options,
                                                 const session::EncodeRequest& encode,
                                                 const media::VideoInfo& video) {
  session::PackageRequest request;
  request.folder = options.encode.output;
  request.overwrite = options.encode.overwrite;
  request.segment_seconds = options.segment_seconds;
  request.encoder = encode.encoder;
  request.sound_rate = encode.reader.sound.bits_per_second;
  FURL_ASSIGN_OR_RETURN(
      request.furl, ParseRungs(options.variants, video, session::kMostFurlVariants, "--variant"));
  FURL_ASSIGN_OR_RETURN(request.avc,
                        ParseRungs(options.fallbacks, video, session::kMostAvcVariants, "--h264"));
  for (const session::Rung& rung : request.avc) {
    if (rung.width % 2 == 0 && rung.height % 2 == 0) continue;
    return InvalidArgument("--h264: H.264 has no odd sizes");
  }
  return request;
}

}  // namespace furl::cli
