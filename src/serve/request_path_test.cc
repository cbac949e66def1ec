#include "serve/request_path.h"

#include <gtest/gtest.h>

namespace furl::serve {
namespace {

using Names = std::vector<std::string>;

TEST(RequestPath, NamesAreDecoded) {
  const RequestPath path = ParseRequestPath("/a%20b/c%2Bd+e.mkv?x=/../y#z");
  EXPECT_EQ(path.refusal, PathRefusal::kNone);
  EXPECT_EQ(path.names, (Names{"a b", "c+d+e.mkv"}));
  EXPECT_FALSE(path.folder);
}

TEST(RequestPath, FoldersEndWithASlash) {
  for (const char* target : {"/", "/?x", "//", "/.", "http://h", "http://h:80/"}) {
    const RequestPath path = ParseRequestPath(target);
    EXPECT_EQ(path.refusal, PathRefusal::kNone) << target;
    EXPECT_TRUE(path.names.empty() && path.folder) << target;
  }
  EXPECT_TRUE(ParseRequestPath("/a/").folder);
  EXPECT_TRUE(ParseRequestPath("/a/.").folder);
  EXPECT_EQ(ParseRequestPath("//a/./b").names, (Names{"a", "b"}));
  EXPECT_EQ(ParseRequestPath("http://host/a").names, (Names{"a"}));
}

TEST(RequestPath, NoSpellingGoesUp) {
  for (const char* target : {"/..", "/../", "/a/../b", "/%2e%2e/x", "/.%2E", "/a/%2E./../etc"}) {
    EXPECT_EQ(ParseRequestPath(target).refusal, PathRefusal::kTraversal) << target;
    EXPECT_TRUE(ParseRequestPath(target).names.empty());
  }
}

TEST(RequestPath, WhatNoFileCanBeIsMalformed) {
  for (const std::string& target :
       {std::string(""), std::string("a"), std::string("*"), std::string("/%"), std::string("/%4"),
        std::string("/%zz"), std::string("/a%00b"), std::string("/a%2fb"), std::string("/a\0b", 4),
        "/" + std::string(kLongestTarget, 'a'), std::string("https://h/a")}) {
    EXPECT_EQ(ParseRequestPath(target).refusal, PathRefusal::kMalformed) << target;
  }
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "/a";
  EXPECT_EQ(ParseRequestPath(deep).refusal, PathRefusal::kMalformed);
}

TEST(RequestPath, HiddenAndUnfinishedFilesAreRefused) {
  EXPECT_EQ(ParseRequestPath("/.git/config").refusal, PathRefusal::kHidden);
  EXPECT_EQ(ParseRequestPath("/a/%2Essh").refusal, PathRefusal::kHidden);
  EXPECT_EQ(ParseRequestPath("/a/.furl/x").refusal, PathRefusal::kHidden);
  EXPECT_EQ(ParseRequestPath("/...").refusal, PathRefusal::kHidden);
  for (const char* target : {"/a.mkv.furl-part", "/list.m3u8.tmp", "/x.part"}) {
    EXPECT_EQ(ParseRequestPath(target).refusal, PathRefusal::kTemporary) << target;
  }
  EXPECT_EQ(ParseRequestPath("/.furl/page.css").names, (Names{".furl", "page.css"}));
}

TEST(RequestPath, LinksLeadBack) {
  const Names names = {"a b", "\"<&>'#?%.mkv", "\xc3\xa9\xff", "d+e"};
  for (const bool folder : {false, true}) {
    const RequestPath path = ParseRequestPath(LinkTo(names, folder));
    EXPECT_EQ(path.names, names);
    EXPECT_EQ(path.folder, folder);
  }
  EXPECT_EQ(LinkTo({}, false), "/");
  EXPECT_EQ(LinkTo(names, false).find_first_of("\"<>&'"), std::string::npos);
}

}  // namespace
}  // namespace furl::serve
