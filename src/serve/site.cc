#include "serve/site.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "serve/listing.h"
#include "serve/pages.h"

namespace furl::serve {
namespace {

constexpr char kMethods[] = "GET, HEAD, OPTIONS";

struct Reason {
  int status;
  std::string_view text;
};
constexpr Reason kReasons[] = {
    {301, "moved"},         {400, "bad request"},
    {404, "not found"},     {405, "only GET, HEAD and OPTIONS"},
    {416, "no such range"}, {500, "the server failed"},
};

Refusal RefusalOfPath(PathRefusal refusal) {
  switch (refusal) {
    case PathRefusal::kTraversal: return Refusal::kTraversal;
    case PathRefusal::kHidden: return Refusal::kHidden;
    case PathRefusal::kTemporary: return Refusal::kTemporary;
    default: return Refusal::kMalformedRequest;
  }
}

// Names that are not served look like names that are not there.
int StatusOfPath(PathRefusal refusal) {
  return refusal == PathRefusal::kHidden || refusal == PathRefusal::kTemporary ? 404 : 400;
}

// Pages alone on their site may share memory between threads, which the player's need.
void AddIsolation(Answer* answer) {
  answer->headers.push_back({"Cross-Origin-Opener-Policy", "same-origin"});
  answer->headers.push_back({"Cross-Origin-Embedder-Policy", "require-corp"});
}

Answer PageAnswer(std::string page) {
  Answer answer;
  answer.text = std::move(page);
  answer.headers = {
      {"Content-Type", "text/html; charset=utf-8"},
      {"Cache-Control", "no-cache"},
      {"Referrer-Policy", "no-referrer"},
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
       "style-src 'self' 'unsafe-inline'; media-src 'self' blob:; img-src 'self' data: blob:; "
       "connect-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"}};
  AddIsolation(&answer);
  return answer;
}

Answer TextAnswer(std::string text, std::string type) {
  Answer answer;
  answer.text = std::move(text);
  answer.headers = {{"Content-Type", std::move(type)}, {"Cache-Control", "no-cache"}};
  return answer;
}

bool IsIn(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

Answer PlainAnswer(int status, Refusal refusal) {
  Answer answer = TextAnswer("", "text/plain; charset=utf-8");
  answer.status = status;
  answer.refusal = refusal;
  for (const Reason& reason : kReasons) {
    if (reason.status != status) continue;
    answer.text = std::to_string(status) + " " + std::string(reason.text) + "\n";
  }
  return answer;
}

Site::Site(SiteOptions options, const Counters* counters, ServedFolder folder,
           std::optional<ServedFolder> player)
    : options_(std::move(options)),
      counters_(counters),
      start_(std::time(nullptr)),
      folder_(std::move(folder)),
      player_(std::move(player)) {}

Result<Site> Site::Open(const SiteOptions& options, const Counters* counters) {
  FURL_ASSIGN_OR_RETURN(ServedFolder folder, ServedFolder::Open(options.folder));
  std::optional<ServedFolder> player;
  if (!options.player.empty()) {
    FURL_ASSIGN_OR_RETURN(player, ServedFolder::Open(options.player));
  }
  return Site(options, counters, std::move(folder), std::move(player));
}

Answer Site::AnswerTo(const Request& request) const {
  const RequestPath path = ParseRequestPath(request.target);
  const bool own = !path.names.empty() && path.names[0] == kOwnName;
  Answer answer = Route(path, request);
  answer.headers.push_back({"X-Content-Type-Options", "nosniff"});
  const bool made_here = answer.status == 200 && !answer.file;  // pages, /metrics
  if (own || made_here) {
    answer.headers.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
  } else {
    AddCors(request.origin, &answer);
  }
  return answer;
}

Answer Site::Route(const RequestPath& path, const Request& request) const {
  const bool asks = request.method == "OPTIONS";
  if (!asks && request.method != "GET" && request.method != "HEAD") {
    Answer answer = PlainAnswer(405, Refusal::kMethod);
    answer.headers.push_back({"Allow", kMethods});
    return answer;
  }
  if (request.has_body) return PlainAnswer(400, Refusal::kMalformedRequest);
  if (asks) return Preflight();
  if (path.refusal != PathRefusal::kNone) {
    return PlainAnswer(StatusOfPath(path.refusal), RefusalOfPath(path.refusal));
  }
  const auto& names = path.names;
  if (!names.empty() && names[0] == kOwnName) return OwnAnswer(path, request);
  if (options_.metrics && names.size() == 1 && names[0] == "metrics" && !path.folder) {
    return TextAnswer(counters_->Prometheus(options_.version, start_),
                      "text/plain; version=0.0.4; charset=utf-8");
  }
  auto file = folder_.OpenFile(names);
  if (!file.ok()) return PlainAnswer(404, Refusal::kNotFound);
  if (file->folder && path.folder) return FolderAnswer(names);
  if (file->folder) {
    Answer answer = PlainAnswer(301, Refusal::kNone);
    answer.headers.push_back({"Location", LinkTo(names, true)});
    return answer;
  }
  if (path.folder) return PlainAnswer(404, Refusal::kNotFound);
  return FileAnswer(std::move(file).value(), names.back(), request);
}

Answer Site::OwnAnswer(const RequestPath& path, const Request& request) const {
  const auto& names = path.names;
  if (names.size() < 2 || path.folder) return PlainAnswer(404, Refusal::kNotFound);
  const std::vector<std::string> rest(names.begin() + 2, names.end());
  if (names[1] == kStyleName && rest.empty()) {
    return TextAnswer(std::string(PageStyle()), "text/css; charset=utf-8");
  }
  if (names[1] == kPlayName && !rest.empty()) {
    const auto file = folder_.OpenFile(rest);
    if (file.ok() && !file->folder) return PageAnswer(PlayPage(rest, player_.has_value()));
  }
  if (names[1] == kPlayerName && !rest.empty() && player_) {
    auto file = player_->OpenFile(rest);
    if (file.ok() && !file->folder) {
      return FileAnswer(std::move(file).value(), rest.back(), request);
    }
  }
  return PlainAnswer(404, Refusal::kNotFound);
}

Answer Site::FolderAnswer(const std::vector<std::string>& names) const {
  const auto listing = ListFolder(folder_, names);
  if (!listing.ok()) return PlainAnswer(404, Refusal::kNotFound);
  return PageAnswer(FolderPage(names, *listing));
}

Answer Site::FileAnswer(OpenedFile file, const std::string& name, const Request& request) const {
  const FileVersion version = file.version;
  const FileKind kind = KindOf(name);
  Answer answer;
  answer.headers = {{"Accept-Ranges", "bytes"},
                    {"ETag", EtagOf(version)},
                    {"Last-Modified", HttpDate(version.seconds)},
                    {"Cache-Control", CacheControl(name, options_.segment_seconds)}};
  if (IsUnchanged(request.conditions, version)) {
    answer.status = 304;
    return answer;
  }
  const bool holds = RangeHolds(request.conditions, version);
  const ByteRange range = ParseRange(holds ? request.range : "", version.size);
  if (range.kind == RangeKind::kUnsatisfiable) {
    answer = PlainAnswer(416, Refusal::kRange);
    answer.headers.push_back({"Content-Range", ContentRange(range, version.size)});
    return answer;
  }
  answer.headers.push_back({"Content-Type", std::string(ContentType(name))});
  // A script's worker must be isolated as its page is.
  if (kind == FileKind::kPage || kind == FileKind::kScript) AddIsolation(&answer);
  if (range.kind == RangeKind::kPart) {
    answer.status = 206;
    answer.headers.push_back({"Content-Range", ContentRange(range, version.size)});
  }
  answer.offset = range.first;
  answer.length = range.length;
  answer.file = std::move(file);
  return answer;
}

Answer Site::Preflight() const {
  Answer answer;
  answer.status = 204;
  answer.headers = {{"Allow", kMethods}};
  if (options_.cors.empty()) return answer;
  answer.headers.push_back({"Access-Control-Allow-Methods", kMethods});
  answer.headers.push_back({"Access-Control-Allow-Headers",
                            "Range, If-Range, If-None-Match, If-Modified-Since, Cache-Control"});
  answer.headers.push_back({"Access-Control-Max-Age", "86400"});
  return answer;
}

void Site::AddCors(std::string_view origin, Answer* answer) const {
  const auto add = [answer](std::string name, std::string value) {
    answer->headers.push_back({std::move(name), std::move(value)});
  };
  const bool any = IsIn(options_.cors, "*");
  add("Cross-Origin-Resource-Policy", options_.cors.empty() ? "same-origin" : "cross-origin");
  if (options_.cors.empty()) return;
  if (!any) add("Vary", "Origin");
  if (!any && !IsIn(options_.cors, origin)) return;
  add("Access-Control-Allow-Origin", any ? "*" : std::string(origin));
  add("Access-Control-Expose-Headers", "Content-Range, Accept-Ranges, ETag");
}

}  // namespace furl::serve
