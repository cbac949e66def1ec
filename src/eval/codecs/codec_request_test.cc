#include "eval/codecs/codec_request.h"

#include <gtest/gtest.h>

namespace furl::eval {
namespace {

void ExpectRequest(const std::string& text, const std::string& name, const std::string& codec,
                   const std::string& model) {
  const auto request = ParseCodecRequest(text);
  ASSERT_TRUE(request.ok()) << text << ": " << request.status().message();
  EXPECT_EQ(request->name, name) << text;
  EXPECT_EQ(request->codec, codec) << text;
  EXPECT_EQ(request->model, model) << text;
  EXPECT_EQ(ToText(*request), text);
}

TEST(CodecRequest, NameCodecAndModel) {
  ExpectRequest("x265-medium", "x265-medium", "x265-medium", "");
  ExpectRequest("furl", "furl", "furl", "");
  ExpectRequest("furl:squeeze", "furl-squeeze", "furl", "squeeze");
  ExpectRequest("furl-slow:squeeze", "furl-slow-squeeze", "furl-slow", "squeeze");
  ExpectRequest("furl:out/new-1.furlmodel", "furl-new-1", "furl", "out/new-1.furlmodel");
  ExpectRequest("new=furl:out/a=b:c.furlmodel", "new", "furl", "out/a=b:c.furlmodel");
  ExpectRequest("furl:v1.2", "furl-v1.2", "furl", "v1.2");
  ExpectRequest("today=furl", "today", "furl", "");
}

TEST(CodecRequest, RefusesWhatCannotBeMeasuredOrNamed) {
  const auto message = [](const std::string& text) {
    const auto request = ParseCodecRequest(text);
    EXPECT_EQ(request.status().code(), StatusCode::kInvalidArgument) << text;
    return request.status().message();
  };
  EXPECT_EQ(message("h266"), "no codec h266; furl eval --list shows them");
  EXPECT_EQ(message("x=h266:squeeze"), "no codec h266; furl eval --list shows them");
  EXPECT_EQ(message("x264-medium:squeeze"), "x264-medium takes no model and no other name");
  EXPECT_EQ(message("x=x264-medium"), "x264-medium takes no model and no other name");
  EXPECT_EQ(message("furl:"), "no model behind the colon of furl:");
  // Result files are called so, and *.json of a folder are all result files.
  for (const char* name : {"", ".hidden", "a/b", "a b", "speed"}) {
    EXPECT_NE(message(std::string(name) + "=furl:squeeze").find("results can't be called"),
              std::string::npos);
  }
  EXPECT_NE(message("furl:a b.furlmodel").find("NAME=CODEC gives a name"), std::string::npos);
}

TEST(CodecRequest, KeepsTheNamesOfOtherCodecsFree) {
  for (const char* text : {"x265-medium=furl:squeeze", "furl-slow=furl:squeeze", "furl:slow",
                           "furl=furl:squeeze", "furl=furl-fast"}) {
    EXPECT_EQ(ParseCodecRequest(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
}

TEST(CodecRequest, EachOnceAndNoTwoOfOneName) {
  std::vector<CodecRequest> requests;
  EXPECT_TRUE(AddRequest(*ParseCodecRequest("furl:squeeze"), &requests).ok());
  EXPECT_TRUE(AddRequest(*ParseCodecRequest("furl-squeeze=furl:squeeze"), &requests).ok());
  EXPECT_EQ(requests.size(), 1u) << "it is the same";
  EXPECT_TRUE(AddRequest(*ParseCodecRequest("furl"), &requests).ok());
  EXPECT_EQ(requests.size(), 2u);
  const Status clash = AddRequest(*ParseCodecRequest("furl:x/squeeze.furlmodel"), &requests);
  EXPECT_EQ(clash.code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(clash.message(),
            "results of furl:squeeze and furl:x/squeeze.furlmodel would have the "
            "same name; NAME=CODEC gives another");
}

}  // namespace
}  // namespace furl::eval
