// The parts of fuzz_seeds: each writes valid inputs for some targets, as DIR/<target>/<number>.

#ifndef FURL_FUZZ_SEEDS_H_
#define FURL_FUZZ_SEEDS_H_

#include <filesystem>

#include "base/status.h"
#include "fuzz/fuzz_util.h"

namespace furl {

void WriteSeed(const std::filesystem::path& folder, int number, const Bytes& bytes);

// Options, calls, and texts: round_trip, api, model_edit, model_json, results, y4m_header,
// serve_request.
void WriteTextSeeds(const std::filesystem::path& root);

// Files, subtitles and what packets carry: matroska, demux, subtitles, user_data.
Status WriteMediaSeeds(const std::filesystem::path& root);

// Encrypted files and signatures: seal.
Status WriteSealSeeds(const std::filesystem::path& root);

// Indexes: shot_store.
Status WriteShotSeeds(const std::filesystem::path& root);

}  // namespace furl

#endif  // FURL_FUZZ_SEEDS_H_
