#include "serve/site.h"

#include <algorithm>
#include <memory>

#include "serve/serve_test_util.h"

namespace furl::serve {
namespace {

class SiteTest : public ServeTest {
 protected:
  void SetUp() override {
    Write("film.mkv", "0123456789");
    Write("live/list.m3u8", "#EXTM3U\n");
    Write("live/seg-1.m4s", "x");
    Write("<b>.mkv", "");
    std::filesystem::create_directories(outside_ + "/player/models");
    std::ofstream(outside_ + "/player/furl-player.js") << "js";
    options_.folder = root_;
    options_.player = outside_ + "/player";
    options_.version = "1";
    Open();
  }
  void Open() { site_ = std::make_unique<Site>(Site::Open(options_, &counters_).value()); }

  Answer Get(const std::string& target, const std::string& range = "") const {
    Request request;
    request.method = "GET";
    request.target = target;
    request.range = range;
    return site_->AnswerTo(request);
  }
  static std::string HeaderOf(const Answer& answer, const std::string& name) {
    for (const Header& header : answer.headers) {
      if (header.name == name) return header.value;
    }
    return "-";
  }

  SiteOptions options_;
  Counters counters_;
  std::unique_ptr<Site> site_;
};

TEST_F(SiteTest, FilesWholeAndInParts) {
  const Answer whole = Get("/film.mkv");
  EXPECT_EQ(whole.status, 200);
  ASSERT_TRUE(whole.file);
  EXPECT_EQ(whole.length, 10);
  EXPECT_EQ(HeaderOf(whole, "Content-Type"), "video/x-matroska");
  EXPECT_EQ(HeaderOf(whole, "Accept-Ranges"), "bytes");
  const Answer part = Get("/film.mkv", "bytes=2-4");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.offset, 2);
  EXPECT_EQ(part.length, 3);
  EXPECT_EQ(HeaderOf(part, "Content-Range"), "bytes 2-4/10");
  const Answer none = Get("/film.mkv", "bytes=10-");
  EXPECT_EQ(none.status, 416);
  EXPECT_EQ(none.refusal, Refusal::kRange);
  EXPECT_FALSE(none.file);
  EXPECT_EQ(HeaderOf(none, "Content-Range"), "bytes */10");
}

TEST_F(SiteTest, ConditionsDecideWhatIsSent) {
  const std::string tag = HeaderOf(Get("/film.mkv"), "ETag");
  Request request;
  request.method = "GET";
  request.target = "/film.mkv";
  request.conditions.if_none_match = tag;
  EXPECT_EQ(site_->AnswerTo(request).status, 304);
  EXPECT_EQ(HeaderOf(site_->AnswerTo(request), "ETag"), tag);
  request.conditions = {};
  request.range = "bytes=1-2";
  request.conditions.if_range = "\"older\"";
  EXPECT_EQ(site_->AnswerTo(request).status, 200);
  request.conditions.if_range = tag;
  EXPECT_EQ(site_->AnswerTo(request).status, 206);
}

TEST_F(SiteTest, OnlySegmentsAreKeptByCaches) {
  EXPECT_EQ(HeaderOf(Get("/live/list.m3u8"), "Cache-Control"), "no-cache");
  EXPECT_EQ(HeaderOf(Get("/film.mkv"), "Cache-Control"), "no-cache");
  EXPECT_EQ(HeaderOf(Get("/live/seg-1.m4s"), "Cache-Control"), "public, max-age=60, immutable");
  options_.segment_seconds = 0;
  Open();
  EXPECT_EQ(HeaderOf(Get("/live/seg-1.m4s"), "Cache-Control"), "no-cache");
}

TEST_F(SiteTest, WhatIsRefusedAndHow) {
  struct Case {
    const char* target;
    int status;
    Refusal refusal;
  };
  for (const Case& c :
       {Case{"/../secret", 400, Refusal::kTraversal},
        Case{"/%2e%2e/secret", 400, Refusal::kTraversal},
        Case{"/a%00", 400, Refusal::kMalformedRequest}, Case{"/.ssh/id", 404, Refusal::kHidden},
        Case{"/film.mkv.furl-part", 404, Refusal::kTemporary},
        Case{"/none", 404, Refusal::kNotFound}, Case{"/film.mkv/", 404, Refusal::kNotFound},
        Case{"/.furl/x", 404, Refusal::kNotFound},
        Case{"/.furl/play/none", 404, Refusal::kNotFound},
        Case{"/.furl/player/../film.mkv", 400, Refusal::kTraversal}}) {
    const Answer answer = Get(c.target);
    EXPECT_EQ(answer.status, c.status) << c.target;
    EXPECT_EQ(answer.refusal, c.refusal) << c.target;
    EXPECT_FALSE(answer.file);
  }
}

TEST_F(SiteTest, OnlyThreeMethodsWithoutBodies) {
  Request request;
  request.target = "/film.mkv";
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "get", ""}) {
    request.method = method;
    EXPECT_EQ(site_->AnswerTo(request).status, 405) << method;
    EXPECT_EQ(HeaderOf(site_->AnswerTo(request), "Allow"), "GET, HEAD, OPTIONS");
  }
  request.method = "HEAD";
  EXPECT_EQ(site_->AnswerTo(request).length, 10);
  request.method = "OPTIONS";
  EXPECT_EQ(site_->AnswerTo(request).status, 204);
  EXPECT_NE(HeaderOf(site_->AnswerTo(request), "Access-Control-Allow-Headers").find("Range"),
            std::string::npos);
  request.method = "GET";
  request.has_body = true;
  EXPECT_EQ(site_->AnswerTo(request).status, 400);
}

TEST_F(SiteTest, OtherOriginsReadFilesAndNoPages) {
  EXPECT_EQ(HeaderOf(Get("/film.mkv"), "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(HeaderOf(Get("/"), "Access-Control-Allow-Origin"), "-");
  EXPECT_EQ(HeaderOf(Get("/metrics"), "Access-Control-Allow-Origin"), "-");
  options_.cors = {"https://a.example", "https://b.example"};
  Open();
  Request request;
  request.method = "GET";
  request.target = "/film.mkv";
  for (const char* origin : {"https://b.example", "https://c.example", ""}) {
    request.origin = origin;
    const Answer answer = site_->AnswerTo(request);
    const bool known = request.origin == "https://b.example";
    EXPECT_EQ(HeaderOf(answer, "Access-Control-Allow-Origin"), known ? origin : "-");
    EXPECT_EQ(HeaderOf(answer, "Vary"), "Origin");
  }
  options_.cors = {};
  Open();
  EXPECT_EQ(HeaderOf(Get("/film.mkv"), "Access-Control-Allow-Origin"), "-");
  EXPECT_EQ(HeaderOf(Get("/film.mkv"), "Cross-Origin-Resource-Policy"), "same-origin");
}

TEST_F(SiteTest, PagesShowNamesAsText) {
  const Answer page = Get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.text.find("&lt;b&gt;.mkv"), std::string::npos);
  EXPECT_EQ(page.text.find("<b>.mkv"), std::string::npos);
  EXPECT_EQ(HeaderOf(page, "Cross-Origin-Embedder-Policy"), "require-corp");
  EXPECT_NE(HeaderOf(page, "Content-Security-Policy").find("default-src 'none'"),
            std::string::npos);
  const Answer moved = Get("/live");
  EXPECT_EQ(moved.status, 301);
  EXPECT_EQ(HeaderOf(moved, "Location"), "/live/");
  EXPECT_NE(Get("/live/").text.find("/.furl/play/live/list.m3u8"), std::string::npos);
}

TEST_F(SiteTest, VideosArePlayedByThePlayerThatIsThere) {
  EXPECT_NE(Get("/.furl/play/film.mkv").text.find("<furl-player src=\"/film.mkv\">"),
            std::string::npos);
  EXPECT_EQ(Get("/.furl/player/furl-player.js").status, 200);
  EXPECT_NE(Get("/.furl/page.css").text.find("body"), std::string::npos);
  options_.player = "";
  Open();
  const std::string page = Get("/.furl/play/film.mkv").text;
  EXPECT_NE(page.find("<video controls"), std::string::npos);
  EXPECT_NE(page.find("isn't installed"), std::string::npos);
  EXPECT_EQ(Get("/.furl/player/furl-player.js").status, 404);
}

TEST_F(SiteTest, MetricsCanBeLeftOut) {
  EXPECT_NE(Get("/metrics").text.find("furl_serve_connections"), std::string::npos);
  EXPECT_EQ(HeaderOf(Get("/metrics"), "Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  options_.metrics = false;
  Open();
  EXPECT_EQ(Get("/metrics").status, 404);
}

TEST(Site, FoldersThatAreMissingAreErrors) {
  Counters counters;
  SiteOptions options;
  options.folder = "/no/such/folder";
  EXPECT_EQ(Site::Open(options, &counters).status().code(), StatusCode::kIo);
}

}  // namespace
}  // namespace furl::serve
