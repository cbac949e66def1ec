// How what everything gave at a crf stands to a --bitrate or --size, in the terms of
// rd/rate_tries.h: for furl encode and for furl join, which decide alike.

#ifndef FURL_CLI_ENCODE_RATE_JUDGE_H_
#define FURL_CLI_ENCODE_RATE_JUDGE_H_

#include <string>

#include "cli/encode/quality_target.h"
#include "rd/rate_tries.h"
#include "session/encode_run.h"

namespace furl::cli {

// `target`: a rate or a size.
RateTry TryOf(const QualityTarget& target, int crf, const session::EncodeOutcome& outcome);

// Of tries that make the file `output`: what went into a pipe or device can't be taken back.
RateTryRules TryRules(const std::string& output);

// Whether it is a file, or could become one.
bool IsRegularOrNew(const std::string& path);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_RATE_JUDGE_H_
