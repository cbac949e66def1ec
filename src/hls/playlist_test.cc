#include "hls/playlist.h"

#include <gtest/gtest.h>

namespace furl::hls {
namespace {

TEST(Playlist, AMapStandsWhereItChanges) {
  MediaPlaylist list;
  list.target = 2;
  list.sequence = 7;
  list.segments = {{"v-00007.mkv", 2, "v-init-1.mkv"},
                   {"v-00008.mkv", 1.96, "v-init-2.mkv"},
                   {"v-00009.mkv", 2, "v-init-2.mkv"}};
  EXPECT_EQ(WriteMediaPlaylist(list),
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:7\n"
            "#EXT-X-MAP:URI=\"v-init-1.mkv\"\n#EXTINF:2.00000,\nv-00007.mkv\n"
            "#EXT-X-MAP:URI=\"v-init-2.mkv\"\n#EXTINF:1.96000,\nv-00008.mkv\n"
            "#EXTINF:2.00000,\nv-00009.mkv\n");
}

TEST(Playlist, OfTextThatHasEnded) {
  MediaPlaylist list;
  list.sequence = 1;
  list.ended = true;
  list.segments = {{"t-00001.vtt", 1, ""}};
  EXPECT_EQ(WriteMediaPlaylist(list),
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:1\n"
            "#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:1.00000,\nt-00001.vtt\n#EXT-X-ENDLIST\n");
}

TEST(Playlist, LiveOnesAreReadAsTheyWereWritten) {
  MediaPlaylist list;
  list.target = 2;
  list.sequence = 70;
  list.breaks = 3;
  list.sliding = true;
  list.origin_ms = 1'782'000'000'123;
  list.segments = {{"v-00070.mkv", 2, "v-init.mkv", false, 1'782'000'100'123},
                   {"v-00071.mkv", 1.25, "v-init002.mkv", true, 1'782'000'102'123}};
  const std::string text = WriteMediaPlaylist(list);
  const auto read = ReadMediaPlaylist(text);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->origin_ms, list.origin_ms);
  EXPECT_EQ(read->segments[1].wall_ms, list.segments[1].wall_ms);
  MediaPlaylist again = *read;
  again.sliding = true;
  EXPECT_EQ(WriteMediaPlaylist(again), text);
}

TEST(Playlist, DamageIsToldByLine) {
  const auto error = [](const std::string& text) {
    return ReadMediaPlaylist(text).status().message();
  };
  EXPECT_NE(error("").find("no HLS playlist"), std::string::npos);
  EXPECT_EQ(error("#EXTM3U\n\n#EXTINF:1e999,\n").substr(0, 6), "line 3");
  EXPECT_EQ(error("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:-1\n").substr(0, 6), "line 2");
  EXPECT_EQ(error("#EXTM3U\n#EXT-X-MAP:URI=\"a/b\"\n").substr(0, 6), "line 2");
  EXPECT_EQ(error("#EXTM3U\n#EXT-X-MAP:URI=\"a\t.mkv\"\n").substr(0, 6), "line 2");
  EXPECT_EQ(error("#EXTM3U\n#EXTINF:1,\na\r\n").substr(0, 6), "line 3");
  EXPECT_EQ(error("#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:2026-02-30T00:00:00.000Z\n").substr(0, 6),
            "line 2");
}

TEST(Playlist, Times) {
  EXPECT_EQ(DateTimeText(1'796'033'092'123), "2026-11-30T10:04:52.123Z");
  EXPECT_EQ(*ParseDateTime("2026-11-30T10:04:52.123Z"), 1'796'033'092'123);
  for (const char* text : {"2026-11-30T10:04:52Z", "2026-11-30T24:04:52.123Z",
                           "1969-01-01T00:00:00.000Z", "2026-11-30 10:04:52.123Z"}) {
    EXPECT_FALSE(ParseDateTime(text).ok()) << text;
  }
}

TEST(Playlist, MasterPlaylists) {
  MasterPlaylist list;
  list.renditions = {{Rendition::Kind::kSound, "Say \"hi\"\n", "en", true, false, 2, "s.m3u8"},
                     {Rendition::Kind::kText, "Deutsch", "de", false, true, 0, "t.m3u8"}};
  list.variants = {{"h.m3u8", 900, 700, 640, 360, 29.97003, "avc1.64001e,mp4a.40.2"}};
  EXPECT_EQ(WriteMasterPlaylist(list),
            "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n"
            "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"Say 'hi' \",LANGUAGE=\"en\","
            "DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"s.m3u8\"\n"
            "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"text\",NAME=\"Deutsch\",LANGUAGE=\"de\","
            "DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI=\"t.m3u8\"\n"
            "#EXT-X-STREAM-INF:BANDWIDTH=900,AVERAGE-BANDWIDTH=700,"
            "CODECS=\"avc1.64001e,mp4a.40.2\",RESOLUTION=640x360,FRAME-RATE=29.970,"
            "AUDIO=\"sound\",SUBTITLES=\"text\"\nh.m3u8\n");
}

}  // namespace
}  // namespace furl::hls
