#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/embed.h"
#include "media/output_file.h"
#include "report/page.h"
#include "session/search/search_run.h"

FURL_EMBED(furl_search_html, FURL_SEARCH_PAGES_DIR "/search.html");
FURL_EMBED(furl_search_css, FURL_SEARCH_PAGES_DIR "/search.css");
FURL_EMBED(furl_search_js, FURL_SEARCH_PAGES_DIR "/search.js");

namespace furl::session {
namespace {

const report::PageParts kParts = {"furl search", FURL_EMBEDDED(furl_search_html),
                                  FURL_EMBEDDED(furl_search_css), "",
                                  FURL_EMBEDDED(furl_search_js)};

}  // namespace

Status WriteSearchPage(const std::string& path, const Query& query, const SearchResult& result) {
  const std::string name = std::filesystem::path(query.path).filename();
  nlohmann::ordered_json data = {{"name", name},
                                 {"start", query.part.start},
                                 {"duration", query.part.duration},
                                 {"pictures", result.pictures}};
  data["matches"] = nlohmann::ordered_json::array();
  for (const Match& match : result.matches) {
    const std::filesystem::path file(match.path);
    data["matches"].push_back({{"name", file.filename().string()},
                               {"folder", file.parent_path().string()},
                               {"similarity", match.similarity},
                               {"begin", match.begin},
                               {"end", match.end},
                               {"query_begin", match.query_begin},
                               {"picture", match.picture}});
  }
  const std::string page = report::BuildPage(kParts, "Videos like " + name, data);
  return media::WriteOutput(path, page, /*overwrite=*/true);
}

}  // namespace furl::session
