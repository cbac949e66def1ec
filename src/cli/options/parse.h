// Values as people write them on command lines. Each parser is kInvalidArgument
// with the text and an example of what was expected.

#ifndef FURL_CLI_OPTIONS_PARSE_H_
#define FURL_CLI_OPTIONS_PARSE_H_

#include <string>

#include "base/rational.h"
#include "base/status.h"
#include "media/filter/filter_options.h"

namespace furl::cli {

// Seconds or [hours:]minutes:seconds, with fractions: "90", "1:30", "0:01:30.5".
Result<double> ParseTime(const std::string& text);

// "90", "90s", "10m", "1.5h" or "30d", in seconds; above 0, at most 10 years.
Result<double> ParseSpan(const std::string& text);

// "25", "30000/1001" or a decimal; 23.976, 29.97, 59.94 mean the exact
// broadcast rates.
Result<Rational> ParseRate(const std::string& text);

// "WIDTHxHEIGHT"; with `proportional` one of the two may be -1.
struct Size {
  int width = 0;
  int height = 0;
};
Result<Size> ParseSize(const std::string& text, bool proportional);

// "WIDTHxHEIGHT+X+Y" or, centered, "WIDTHxHEIGHT".
Result<media::CropRect> ParseCrop(const std::string& text);

// Amounts with an optional k, M, G, T (powers of 1000; small letters too) or
// Ki, Mi, Gi, Ti (of 1024): "800k", "1.5M", "20Mi". A bitrate is in bits per
// second, a size in bytes and may end in B. Above zero, at most 10^15.
Result<int64_t> ParseBitrate(const std::string& text);
Result<int64_t> ParseBytes(const std::string& text);

}  // namespace furl::cli

#endif  // FURL_CLI_OPTIONS_PARSE_H_
