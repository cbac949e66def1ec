// Videos that are none: playlists and session descriptions of strangers, under any name, make
// nobody connect to anything.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <string>

#include "media/coded_io.h"
#include "media/test_clips.h"
#include "media/video_reader.h"

namespace furl::media {
namespace {

// Listens on a port of this machine, and answers nobody.
class Listener {
 public:
  Listener() : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(fd_, plain, size), 0);
    EXPECT_EQ(listen(fd_, 8), 0);
    EXPECT_EQ(getsockname(fd_, plain, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { close(fd_); }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  // Whether somebody has connected.
  bool HasHeard() const {
    pollfd wait = {fd_, POLLIN, 0};
    return poll(&wait, 1, 100) > 0;
  }

 private:
  int fd_;
  int port_ = 0;
};

std::string Playlist(const std::string& entry) {
  return "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n"
         "#EXTINF:1,\n" +
         entry + "\n#EXT-X-ENDLIST\n";
}

std::string SessionDescription() {
  return "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
         "m=video 45000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";
}

TEST(NothingFetchedTest, APlaylistIsNoReasonToConnect) {
  TestFolder dir;
  const Listener listener;
  for (const char* name : {"x.mkv", "x.furl", "x.mp4", "x.m3u8"}) {
    std::ofstream(dir / name) << Playlist("http://" + listener.address() + "/seg.ts");
    EXPECT_EQ(OpenCoded(dir / name, {}).status().code(), StatusCode::kUnsupported) << name;
    EXPECT_FALSE(OpenVideo(dir / name, {}).ok()) << name;
    EXPECT_FALSE(listener.HasHeard()) << name;
  }
}

// The user who names an address himself wants it opened.
TEST(NothingFetchedTest, AnAddressOnTheCommandLineIsOpened) {
  const Listener listener;
  ReaderOptions options;
  const std::clock_t start = std::clock();
  options.cancelled = [&] { return listener.HasHeard() || std::clock() - start > CLOCKS_PER_SEC; };
  EXPECT_FALSE(OpenVideo("http://" + listener.address() + "/a.mp4", options).ok());
  EXPECT_TRUE(listener.HasHeard());
}

// As a furl file it doesn't even name files.
TEST(NothingFetchedTest, AFurlFileNamesNoOtherFile) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -c:v mpeg2video " + (dir / "s.ts")));
  std::ofstream(dir / "x.mkv") << Playlist("file://" + (dir / "s.ts"));
  const Status status = OpenCoded(dir / "x.mkv", {}).status();
  EXPECT_EQ(status.code(), StatusCode::kUnsupported);
  // Not what is inside of s.ts.
  EXPECT_EQ(status.message().find("mpeg2video"), std::string::npos) << status.message();
}

// A video of another name that turns out to be a playlist opens nothing; one that is called so is
// what the user asked for.
TEST(NothingFetchedTest, OnlyAPlaylistByItsNameNamesFiles) {
  TestFolder dir;
  ASSERT_TRUE(Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=0.2 -c:v mpeg2video " + (dir / "s.ts")));
  const std::string concat = "ffconcat version 1.0\nfile s.ts\n";
  for (const char* name : {"x.mp4", "x.mkv", "x.ts", "x"}) {
    std::ofstream(dir / name) << Playlist("s.ts");
    const Status status = OpenVideo(dir / name, {}).status();
    EXPECT_EQ(status.code(), StatusCode::kUnsupported) << name;
    EXPECT_NE(status.message().find("list of other files"), std::string::npos) << status.message();
    std::ofstream(dir / name) << concat;
    EXPECT_EQ(OpenVideo(dir / name, {}).status().code(), StatusCode::kUnsupported) << name;
  }
  std::ofstream(dir / "x.m3u8") << Playlist("s.ts");
  std::ofstream(dir / "X.FFCONCAT") << concat;
  for (const char* name : {"x.m3u8", "X.FFCONCAT"}) {
    const auto video = OpenVideo(dir / name, {});
    ASSERT_TRUE(video.ok()) << name << ": " << video.status().message();
    EXPECT_EQ((*video)->info().video.codec, "mpeg2video");
  }
}

TEST(NothingFetchedTest, ASessionDescriptionOpensNoSocket) {
  TestFolder dir;
  for (const char* name : {"x.mkv", "x.sdp"}) {
    std::ofstream(dir / name) << SessionDescription();
    const std::time_t start = std::time(nullptr);
    EXPECT_FALSE(OpenCoded(dir / name, {}).ok());
    EXPECT_FALSE(OpenVideo(dir / name, {}).ok());
    EXPECT_LT(std::time(nullptr) - start, 5) << "waited for packets";
  }
}

}  // namespace
}  // namespace furl::media
