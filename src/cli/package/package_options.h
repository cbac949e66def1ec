// The options of furl package, and what they ask for.

#ifndef FURL_CLI_PACKAGE_PACKAGE_OPTIONS_H_
#define FURL_CLI_PACKAGE_PACKAGE_OPTIONS_H_

#include <string>
#include <vector>

#include "base/status.h"
#include "cli/encode/encode_options.h"
#include "session/package/package_run.h"

namespace furl::cli {

struct PackageOptions {
  EncodeOptions encode;                // input, output (a folder) and what is read of it
  std::vector<std::string> variants;   // "1280x720:900k"; none: by the content
  std::vector<std::string> fallbacks;  // the same of H.264
  bool no_fallback = false;
  double segment_seconds = 4;
};

// "1280x720:900k" or, where sides are those of the source, ":900k". kInvalidArgument with the text.
Result<session::Rung> ParseRung(const std::string& text, const media::VideoInfo& video);

// All but the rungs that the content decides: those are empty. kInvalidArgument names what makes no
// sense.
Result<session::PackageRequest> PackageRequestOf(const PackageOptions& options,
                                                 const session::EncodeRequest& encode,
                                                 const media::VideoInfo& video);

}  // namespace furl::cli

#endif  // FURL_CLI_PACKAGE_PACKAGE_OPTIONS_H_
