#include "serve/listener.h"

#include <gtest/gtest.h>

namespace furl::serve {
namespace {

TEST(Listener, AddressesAsPeopleWriteThem) {
  struct Case {
    const char* text;
    const char* host;
    int port;
  };
  for (const Case& c : {Case{"127.0.0.1:8080", "127.0.0.1", 8080}, Case{"[::1]:0", "::1", 0},
                        Case{"localhost:80", "127.0.0.1", 80}, Case{"9000", "127.0.0.1", 9000},
                        Case{":9000", "::", 9000}, Case{"0.0.0.0:65535", "0.0.0.0", 65535}}) {
    const auto address = ParseListenAddress(c.text);
    ASSERT_TRUE(address.ok()) << c.text;
    EXPECT_EQ(address->host, c.host);
    EXPECT_EQ(address->port, c.port);
  }
  for (const char* text : {"", ":", "x", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80",
                           "[127.0.0.1]:80", "example.com:80", "127.0.0.1:80x", "127.1:80"}) {
    EXPECT_EQ(ParseListenAddress(text).status().code(), StatusCode::kInvalidArgument) << text;
  }
}

TEST(Listener, TakesAFreePortOnce) {
  const auto first = Listen({"127.0.0.1", 0});
  ASSERT_TRUE(first.ok()) << first.status().message();
  EXPECT_GT(first->port, 0);
  EXPECT_TRUE(first->loopback);
  EXPECT_EQ(first->url, "http://127.0.0.1:" + std::to_string(first->port) + "/");
  const auto second = Listen({"127.0.0.1", first->port});
  ASSERT_EQ(second.status().code(), StatusCode::kIo);
  EXPECT_NE(second.status().message().find(first->url), std::string::npos);
  const auto open = Listen({"0.0.0.0", 0});
  ASSERT_TRUE(open.ok());
  EXPECT_FALSE(open->loopback);
}

}  // namespace
}  // namespace furl::serve
