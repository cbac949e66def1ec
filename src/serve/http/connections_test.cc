#include "serve/http/connections.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace furl::serve {
namespace {

using std::chrono::seconds;

class ConnectionsTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0); }
  ~ConnectionsTest() override {
    for (const int end : ends_) close(end);
  }
  // Whether the other end has been told that there is no more.
  bool Shut() const {
    char byte;
    return recv(ends_[1], &byte, 1, MSG_DONTWAIT) == 0;
  }
  bool Refused(const std::string& cause) const {
    return counters_.Prometheus("", 0).find("cause=\"" + cause + "\"} 1") != std::string::npos;
  }

  int ends_[2];
  Counters counters_;
  Connections connections_{{3, 2, 10, 60}, &counters_};
};

TEST_F(ConnectionsTest, AreLimited) {
  ASSERT_TRUE(connections_.Admit("a"));
  const auto first = connections_.Add(ends_[0], "a");
  connections_.Add(ends_[0], "a");
  EXPECT_FALSE(connections_.Admit("a"));
  EXPECT_TRUE(Refused("address_connections"));
  EXPECT_TRUE(connections_.Admit("b"));
  connections_.Add(ends_[0], "b");
  EXPECT_FALSE(connections_.Admit("c"));
  EXPECT_TRUE(Refused("connections"));
  connections_.Remove(first);
  EXPECT_TRUE(connections_.Admit("a"));
}

TEST_F(ConnectionsTest, FirstRequestsThatTakeLongAreShut) {
  connections_.Add(ends_[0], "a");
  connections_.ShutSlow(Clock::now() + seconds(9));
  EXPECT_FALSE(Shut());
  connections_.ShutSlow(Clock::now() + seconds(11));
  connections_.ShutSlow(Clock::now() + seconds(12));  // counted once
  EXPECT_TRUE(Shut());
  EXPECT_TRUE(Refused("slow_request"));
}

TEST_F(ConnectionsTest, ReadersThatTakeNothingAreShut) {
  const auto connection = connections_.Add(ends_[0], "a");
  connections_.Ask(connection);
  EXPECT_EQ(connections_.Answering(), 1);
  connections_.ShutSlow(Clock::now() + seconds(59));
  EXPECT_FALSE(Shut());
  connections_.ShutSlow(Clock::now() + seconds(61));
  EXPECT_TRUE(Shut());
  EXPECT_TRUE(Refused("slow_reader"));
}

TEST_F(ConnectionsTest, IdleOnesAreShutWithoutBlame) {
  const auto connection = connections_.Add(ends_[0], "a");
  connections_.Ask(connection);
  connections_.Finish(connection);
  EXPECT_EQ(connections_.Answering(), 0);
  connections_.ShutSlow(Clock::now() + seconds(11));
  EXPECT_FALSE(Shut());
  connections_.ShutSlow(Clock::now() + seconds(61));
  EXPECT_TRUE(Shut());
  EXPECT_FALSE(Refused("slow_request") || Refused("slow_reader"));
}

}  // namespace
}  // namespace furl::serve
