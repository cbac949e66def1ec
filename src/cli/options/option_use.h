// Options that would be ignored are wrong usage: nobody writes one for nothing.

#ifndef FURL_CLI_OPTIONS_OPTION_USE_H_
#define FURL_CLI_OPTIONS_OPTION_USE_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "base/status.h"

namespace furl::cli {

// Checks that an option's value is a whole number from `least` to `most`, by default
// without an upper end.
CLI::Validator WholeNumber(int64_t least, int64_t most = INT64_MAX);

// The same of numbers that may have fractions.
CLI::Validator Number(double least, double most);

// kInvalidArgument "NAME WHY" for the first of `names` that is on the parsed
// command line; each is an option of `app`, as in "--samples".
Status RefuseOptions(const CLI::App& app, std::initializer_list<const char*> names,
                     const std::string& why);

// The same for all options and arguments of `app` but `names` and those that every
// command has.
Status RefuseAllBut(const CLI::App& app, std::initializer_list<const char*> names,
                    const std::string& why);

}  // namespace furl::cli

#endif  // FURL_CLI_OPTIONS_OPTION_USE_H_
