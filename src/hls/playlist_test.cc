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
