// Requests of the server: paths, ranges, dates and conditions. Nothing outside of the folder is
// opened, parts lie inside their file, and links lead back to where they came from.
//
// Input: lines with target, Range, If-None-Match, If-Modified-Since and If-Range.

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/fuzz_util.h"
#include "serve/site.h"

namespace furl::serve {
namespace {

namespace fs = std::filesystem;

// A folder with a way out, which must not be taken.
class Fixture {
 public:
  Fixture()
      : outside_(fs::temp_directory_path() / ("serve_fuzz_" + std::to_string(getpid()))),
        root_(outside_ / "root") {
    fs::create_directories(root_ / "a");
    std::ofstream(outside_ / "secret") << "secret";
    for (const char* name : {"f.mkv", "a/g.m3u8"}) std::ofstream(root_ / name) << "0123456789";
    fs::create_symlink("../secret", root_ / "out");
    fs::create_symlink("a/../f.mkv", root_ / "link");
    SiteOptions options;
    options.folder = options.player = root_.string();
    auto folder = ServedFolder::Open(root_.string());
    for (const auto& names : {std::vector<std::string>{"f.mkv"}, {"a", "g.m3u8"}}) {
      inodes_.insert(folder->OpenFile(names)->version.inode);
    }
    site_.emplace(Site::Open(options, &counters_).value());
  }
  ~Fixture() { fs::remove_all(outside_); }

  const Site& site() const { return *site_; }
  bool IsInside(const OpenedFile& file) const { return inodes_.count(file.version.inode) == 1; }

 private:
  const fs::path outside_;
  const fs::path root_;
  std::set<uint64_t> inodes_;
  Counters counters_;
  std::optional<Site> site_;
};

void CheckPath(std::string_view target) {
  const RequestPath path = ParseRequestPath(target);
  FUZZ_CHECK(path.refusal == PathRefusal::kNone || path.names.empty());
  for (const std::string& name : path.names) {
    FUZZ_CHECK(!name.empty() && name != "." && name != "..");
    FUZZ_CHECK(name.find('/') == std::string::npos && name.find('\0') == std::string::npos);
  }
  const std::string link = LinkTo(path.names, path.folder);
  if (path.refusal != PathRefusal::kNone || link.size() > kLongestTarget) return;
  const RequestPath again = ParseRequestPath(link);
  FUZZ_CHECK(again.names == path.names && again.folder == (path.folder || path.names.empty()));
}

void CheckRange(std::string_view header) {
  for (const int64_t size : {int64_t{0}, int64_t{1}, int64_t{10}, INT64_MAX}) {
    const ByteRange range = ParseRange(header, size);
    if (range.kind == RangeKind::kPart) {
      FUZZ_CHECK(range.first >= 0 && range.length > 0 && range.length <= size - range.first);
    } else {
      FUZZ_CHECK(range.first == 0 && range.length == size);
    }
  }
}

void CheckDate(std::string_view text) {
  const auto seconds = ParseHttpDate(text);
  if (seconds) FUZZ_CHECK(HttpDate(*seconds) == text);
}

void CheckAnswer(const Fixture& fixture, const Request& request) {
  const Answer answer = fixture.site().AnswerTo(request);
  FUZZ_CHECK(answer.status >= 200 && answer.status < 500);
  for (const Header& header : answer.headers) {
    FUZZ_CHECK(header.value.find_first_of("\r\n") == std::string::npos);
  }
  if (!answer.file) return;
  FUZZ_CHECK(fixture.IsInside(*answer.file));
  FUZZ_CHECK(answer.offset >= 0 && answer.offset + answer.length <= answer.file->version.size);
}

}  // namespace
}  // namespace furl::serve

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace furl::serve;  // NOLINT
  static const Fixture fixture;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::array<std::string_view, 5> lines;
  for (std::string_view& line : lines) {
    line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  CheckPath(lines[0]);
  CheckRange(lines[1]);
  CheckDate(lines[3]);
  Request request;
  request.method = "GET";
  request.target = lines[0];
  request.range = lines[1];
  request.conditions = {lines[2], lines[3], lines[4]};
  CheckAnswer(fixture, request);
  return 0;
}
