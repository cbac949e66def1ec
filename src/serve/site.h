// What the server answers, without the network: a request in, status, headers and body out.
//
// - Files of the folder, with ranges, conditions, CORS and cache headers; folders are pages.
// - /.furl/play/NAME: a page that plays a file; /.furl/player/: the player's own files.
// - /metrics.

#ifndef FURL_SERVE_SITE_H_
#define FURL_SERVE_SITE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "serve/byte_range.h"
#include "serve/counters.h"
#include "serve/file_version.h"
#include "serve/media_type.h"
#include "serve/request_path.h"
#include "serve/served_folder.h"

namespace furl::serve {

// Headers that are missing are empty.
struct Request {
  std::string_view method;
  std::string_view target;  // as it came: still escaped
  std::string_view range;
  std::string_view origin;
  Conditions conditions;
  bool has_body = false;
};

struct Header {
  std::string name;
  std::string value;
};

struct Answer {
  int status = 200;
  std::vector<Header> headers;  // without Content-Length
  std::string text;             // the body, unless there is a file
  std::optional<OpenedFile> file;
  int64_t offset = 0;  // of the body in the file
  int64_t length = 0;
  Refusal refusal = Refusal::kNone;
};

struct SiteOptions {
  std::string folder;
  std::string player;                     // folder of the player's files; empty: none
  std::vector<std::string> cors = {"*"};  // origins that may read the folder's files; empty: none
  int segment_seconds = 60;               // how long caches keep segments
  bool metrics = true;
  std::string version;  // that /metrics tells
};

class Site {
 public:
  // kIo where a folder can't be read. `counters` must outlive the site.
  static Result<Site> Open(const SiteOptions& options, const Counters* counters);

  // Can be called by several threads. Answers to HEAD are those to GET; whoever sends them leaves
  // the body out.
  Answer AnswerTo(const Request& request) const;

 private:
  Site(SiteOptions options, const Counters* counters, ServedFolder folder,
       std::optional<ServedFolder> player);

  Answer Route(const RequestPath& path, const Request& request) const;
  Answer OwnAnswer(const RequestPath& path, const Request& request) const;
  Answer FolderAnswer(const std::vector<std::string>& names) const;
  Answer FileAnswer(OpenedFile file, const std::string& name, const Request& request) const;
  Answer Preflight() const;
  void AddCors(std::string_view origin, Answer* answer) const;

  SiteOptions options_;
  const Counters* counters_;
  int64_t start_;  // seconds since 1970
  ServedFolder folder_;
  std::optional<ServedFolder> player_;
};

// A plain page for a status without anything else; `refusal` says why.
Answer PlainAnswer(int status, Refusal refusal);

}  // namespace furl::serve

#endif  // FURL_SERVE_SITE_H_
