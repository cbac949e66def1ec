#include <gtest/gtest.h>

#include <sys/stat.h>

#include <thread>

#include "bitstream/sequence_header.h"
#include "media/coded_io.h"
#include "media/libav/libav_demuxer.h"
#include "media/matroska/ebml_buffer.h"
#include "media/matroska/matroska_elements.h"
#include "media/matroska/matroska_writer.h"
#include "media/test_clips.h"

namespace furl::media {
namespace {

const std::vector<uint8_t> kPrivate = {'f', 'u', 'r', 'l', 1, 2, 3};

// A packet whose bytes tell it apart.
MediaPacket VideoPacket(int64_t pts, bool key) {
  MediaPacket packet;
  packet.data.assign(20 + pts % 50, static_cast<uint8_t>(pts));
  packet.pts = pts;
  packet.duration = 1;
  packet.key = key;
  return packet;
}

MediaInfo PlainInfo(Rational time_base) {
  MediaInfo info;
  info.video.width = 64;
  info.video.height = 48;
  info.video.time_base = time_base;
  return info;
}

Status WriteFile(const std::string& path, const MediaInfo& info,
                 const std::vector<MediaPacket>& packets, std::vector<std::string>* notices = {}) {
  FURL_ASSIGN_OR_RETURN(auto file, OutputFile::Open(path, true));
  MatroskaVideoTrack track;
  track.codec_id = "V_FURL";
  track.codec_private = kPrivate;
  const NoticeFn notice = [notices](const std::string& text) {
    if (notices != nullptr) notices->push_back(text);
  };
  FURL_ASSIGN_OR_RETURN(auto writer, MatroskaWriter::Create(std::move(file), info, track, notice));
  for (const MediaPacket& packet : packets) FURL_RETURN_IF_ERROR(writer->WritePacket(packet));
  return writer->Finish();
}

struct Demuxed {
  MediaInfo info;
  std::vector<uint8_t> codec_private;
  std::vector<MediaPacket> packets;
};

Demuxed Demux(const std::string& path) {
  Demuxed out;
  auto demuxer = LibavDemuxer::Open(path, {});
  EXPECT_TRUE(demuxer.ok()) << demuxer.status().message();
  if (!demuxer.ok()) return out;
  out.info = (*demuxer)->info();
  const AVCodecParameters& params = *(*demuxer)->video_stream()->codecpar;
  if (params.extradata_size > 0) {
    out.codec_private.assign(params.extradata, params.extradata + params.extradata_size);
  }
  for (;;) {
    auto packet = (*demuxer)->ReadPacket();
    if (!packet.ok()) return out;
    if ((*demuxer)->MapStream(**packet) == LibavDemuxer::kIgnored) continue;
    out.packets.push_back((*demuxer)->Convert(**packet));
  }
}

// Reads `source` and writes it as Matroska with each frame as one dummy packet
// in hierarchical order of groups of eight.
std::vector<MediaPacket> DummyEncode(const ReadAll& source) {
  std::vector<MediaPacket> out = source.packets;
  const auto put = [&](size_t i, bool key) {
    MediaPacket packet = VideoPacket(source.frames[i]->pts, key);
    packet.duration = source.frames[i]->duration;
    out.push_back(packet);
  };
  for (size_t i = 0; i < source.frames.size(); i += 8) {
    const size_t last = std::min(i + 7, source.frames.size() - 1);
    put(i, true);
    if (last > i) put(last, false);
    for (size_t j = i + 1; j < last; ++j) put(j, false);
  }
  return out;
}

TEST(EbmlTest, SizesAreShortestAndNeverUnknown) {
  EbmlBuffer buffer;
  buffer.Size(126);
  buffer.Size(127);  // one byte of ones would mean "unknown"
  buffer.Uint(0x4282, 0x1234);
  EXPECT_EQ(buffer.bytes(), (std::vector<uint8_t>{0xFE, 0x40, 0x7F, 0x42, 0x82, 0x82, 0x12, 0x34}));
}

TEST(EbmlTest, NothingHasAChecksumToo) {
  EbmlBuffer buffer;
  buffer.CheckedMaster(0x1549A966, EbmlBuffer());
  EXPECT_EQ(buffer.bytes(),
            (std::vector<uint8_t>{0x15, 0x49, 0xA9, 0x66, 0x86, 0xBF, 0x84, 0, 0, 0, 0}));
}

TEST(MatroskaTest, LibavReadsWhatWasWritten) {
  TestFolder dir;
  for (const Rational time_base : {Rational{1, 25}, Rational{1001, 30000}, Rational{1, 90000},
                                   Rational{1, 1000}, Rational{1, 12800}}) {
    std::vector<MediaPacket> packets;
    const int64_t step = std::max<int64_t>(time_base.den / time_base.num / 29, 1);
    for (const int i : {0, 4, 2, 1, 3, 8, 6, 5, 7, 100, 200, 10000}) {
      packets.push_back(VideoPacket(i * step + i % 3 * (step > 10), i % 8 == 0));
    }
    ASSERT_TRUE(WriteFile(dir / "a.mkv", PlainInfo(time_base), packets).ok());
    const Demuxed back = Demux(dir / "a.mkv");
    EXPECT_EQ(back.codec_private, kPrivate);
    ASSERT_EQ(back.packets.size(), packets.size());
    for (size_t i = 0; i < packets.size(); ++i) {
      const MediaPacket& packet = back.packets[i];
      EXPECT_EQ(Rescale(packet.pts, back.info.video.time_base, time_base), packets[i].pts);
      EXPECT_EQ(packet.data, packets[i].data);
      EXPECT_EQ(packet.key, packets[i].key);
    }
    const double end = packets.back().pts * time_base.value() + time_base.value();
    EXPECT_NEAR(back.info.duration_seconds, end, 0.0002);
  }
}

TEST(MatroskaTest, SeeksByCues) {
  TestFolder dir;
  std::vector<MediaPacket> packets;
  for (int i = 0; i < 1000; ++i) packets.push_back(VideoPacket(i, i % 50 == 0));
  ASSERT_TRUE(WriteFile(dir / "a.mkv", PlainInfo({1, 25}), packets).ok());
  auto demuxer = LibavDemuxer::Open(dir / "a.mkv", {});
  ASSERT_TRUE(demuxer.ok());
  ASSERT_TRUE((*demuxer)->SeekTo(21.0).ok());
  auto packet = (*demuxer)->ReadPacket();
  ASSERT_TRUE(packet.ok());
  EXPECT_EQ(Rescale((*packet)->pts, (*demuxer)->info().video.time_base, {1, 25}), 500);
}

TEST(MatroskaTest, KeepsPictureDescription) {
  TestFolder dir;
  MediaInfo info = PlainInfo({1, 25});
  VideoInfo& video = info.video;
  video.sample_aspect = {64, 45};
  video.color = {9, 16, 9, true, 0};
  video.rotation = 90;
  video.bit_depth = 10;
  video.mastering = MasteringDisplay{
      true, true, {{0.68, 0.32}, {0.265, 0.69}, {0.15, 0.06}}, {0.3127, 0.329}, 0.005, 1000};
  video.light = ContentLight{1000, 400};
  info.tags = {{"title", "Sails"}, {"ARTIST", "N. N."}, {"creation_time", "2020-02-03T04:05:06Z"}};
  ASSERT_TRUE(WriteFile(dir / "a.mkv", info, {VideoPacket(0, true)}).ok());
  const Demuxed back = Demux(dir / "a.mkv");
  const VideoInfo& got = back.info.video;
  EXPECT_EQ(got.sample_aspect, video.sample_aspect);
  EXPECT_EQ(got.color, video.color);
  EXPECT_EQ(got.rotation, 90);
  ASSERT_TRUE(got.mastering.has_value());
  EXPECT_NEAR(got.mastering->primaries[1][0], 0.265, 1e-6);
  EXPECT_NEAR(got.mastering->white_point[1], 0.329, 1e-6);
  EXPECT_NEAR(got.mastering->max_luminance, 1000, 1e-6);
  EXPECT_NEAR(got.mastering->min_luminance, 0.005, 1e-6);
  ASSERT_TRUE(got.light.has_value());
  EXPECT_EQ(got.light->max_cll, 1000);
  EXPECT_EQ(got.light->max_fall, 400);
  EXPECT_EQ(FindTag(back.info.tags, "title"), "Sails");
  EXPECT_EQ(FindTag(back.info.tags, "artist"), "N. N.");
  EXPECT_EQ(FindTag(back.info.tags, "creation_time").substr(0, 19), "2020-02-03T04:05:06");
}

class AudioCodecTest : public testing::TestWithParam<const char*> {};

// Copied streams must come out of our file as ffmpeg's own copy would have
// them: same packets, same decoded samples.
TEST_P(AudioCodecTest, CopiesPacketsAndTimes) {
  TestFolder dir;
  const std::string clip = dir / GetParam();
  const std::string name = GetParam();
  const std::string codec = name.substr(0, name.find('.'));
  ASSERT_TRUE(Ffmpeg(
      std::string("-f lavfi -i testsrc2=s=64x48:r=25:d=2 -f lavfi -i sine=d=2:r=48000 "
                  "-strict -2 -c:v ") +
      std::string(clip.ends_with(".ogv") ? "libtheora" : "mpeg4") + " -c:a " + codec + " " + clip));
  const ReadAll source = ReadEverything(clip);
  ASSERT_TRUE(source.status.ok()) << source.status.message();
  ASSERT_GT(source.packets.size(), 5u);
  ASSERT_TRUE(WriteFile(dir / "out.mkv", source.info, DummyEncode(source)).ok());
  const Demuxed back = Demux(dir / "out.mkv");
  std::vector<MediaPacket> sound;
  for (const MediaPacket& packet : back.packets) {
    if (packet.stream == 0) sound.push_back(packet);
  }
  ASSERT_EQ(sound.size(), source.packets.size());
  const double tick = back.info.streams[0].time_base.value();
  for (size_t i = 0; i < sound.size(); ++i) {
    EXPECT_NEAR(sound[i].pts * tick,
                source.packets[i].pts * source.info.streams[0].time_base.value(), 0.00011)
        << i;
  }
  for (size_t i = 0; i < sound.size(); ++i) {
    // ADTS headers of transport streams are stripped.
    const auto& was = source.packets[i].data;
    ASSERT_GE(was.size(), sound[i].data.size());
    EXPECT_TRUE(std::equal(sound[i].data.rbegin(), sound[i].data.rend(), was.rbegin())) << i;
    EXPECT_EQ(was.size() == sound[i].data.size(), name != "aac.ts");
  }
  // Elsewhere than in Opus, ffmpeg ignores the delay when it decodes Matroska:
  // samples hidden by an mp4 edit list would appear again.
  if (source.info.streams[0].start < 0 && codec != "libopus") return;
  const auto md5 = [&dir](const std::string& path) {
    EXPECT_TRUE(Ffmpeg("-i " + path + " -map 0:a -c:a pcm_s16le -f md5 " + (dir / "md5")));
    return FileText(dir / "md5");
  };
  EXPECT_EQ(md5(dir / "out.mkv"), md5(clip));
}

INSTANTIATE_TEST_SUITE_P(All, AudioCodecTest,
                         testing::Values("aac.mp4", "aac.ts", "aac.mkv", "libopus.mkv",
                                         "libopus.mp4", "libvorbis.mkv", "libvorbis.ogv",
                                         "flac.mkv", "flac.mp4", "alac.mp4", "libmp3lame.mp4",
                                         "mp2.ts", "ac3.mp4", "eac3.mkv", "pcm_s16le.avi",
                                         "pcm_s24be.mov", "adpcm_ms.avi", "pcm_alaw.avi"));

// WAVEFORMATEX has 16 bits for the size of what the codec adds.
TEST(MatroskaTest, LeavesOutCodecsWhoseHeadersDontFit) {
  TestFolder dir;
  for (const int size : {65535, 65536}) {
    AVCodecParameters* params = avcodec_parameters_alloc();
    params->codec_type = AVMEDIA_TYPE_AUDIO;
    params->codec_id = AV_CODEC_ID_WMAV2;
    params->sample_rate = 44100;
    params->extradata = static_cast<uint8_t*>(av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE));
    params->extradata_size = size;
    MediaInfo info = PlainInfo({1, 25});
    info.streams.resize(1);
    info.streams[0].time_base = {1, 1000};
    info.streams[0].params = CopyParameters(*params).value();
    avcodec_parameters_free(&params);
    std::vector<std::string> notices;
    ASSERT_TRUE(WriteFile(dir / "a.mkv", info, {VideoPacket(0, true)}, &notices).ok());
    EXPECT_EQ(notices.size(), size == 65535 ? 0u : 1u);
  }
}

TEST(MatroskaTest, KeepsSubtitlesChaptersAndAttachments) {
  TestFolder dir;
  std::ofstream(dir / "s.srt") << "1\n00:00:00,200 --> 00:00:00,900\nAhoy\n\n"
                                  "2\n00:00:01,000 --> 00:00:01,500\nLand!\n";
  std::ofstream(dir / "c.txt") << ";FFMETADATA1\nartist=Crew\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\n"
                                  "END=800\ntitle=Out\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=800\n"
                                  "END=2000\ntitle=Back\n";
  std::ofstream(dir / "f.ttf") << "not really a font";
  for (const char* name : {"a.mkv", "a.mp4"}) {
    const bool mkv = std::string(name) == "a.mkv";
    ASSERT_TRUE(Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=2 -i " + (dir / "s.srt") + " -i " +
                       (dir / "c.txt") + " -map 0 -map 1 -map_metadata 2 -c:v mpeg4 " +
                       (mkv ? "-c:s srt -metadata:s:s language=fra -attach " + (dir / "f.ttf") +
                                  " -metadata:s:t mimetype=application/x-font-ttf "
                            : "-c:s mov_text -metadata:s:s language=fra ") +
                       (dir / name)));
    const ReadAll source = ReadEverything(dir / name);
    ASSERT_TRUE(source.status.ok()) << source.status.message();
    ASSERT_TRUE(WriteFile(dir / "out.mkv", source.info, DummyEncode(source)).ok());
    const Demuxed back = Demux(dir / "out.mkv");
    ASSERT_EQ(back.info.chapters.size(), 2u) << name;
    EXPECT_EQ(back.info.chapters[1].start_ns, 800000000);
    EXPECT_EQ(FindTag(back.info.chapters[1].tags, "title"), "Back");
    ASSERT_EQ(back.info.attachments.size(), mkv ? 1u : 0u);
    if (mkv) {
      EXPECT_EQ(back.info.attachments[0].file_name, "f.ttf");
      EXPECT_EQ(back.info.attachments[0].mime_type, "application/x-font-ttf");
      EXPECT_EQ(
          std::string(back.info.attachments[0].data->begin(), back.info.attachments[0].data->end()),
          "not really a font");
    }
    ASSERT_EQ(back.info.streams.size(), 1u);
    EXPECT_EQ(back.info.streams[0].codec, "subrip");
    EXPECT_EQ(FindTag(back.info.streams[0].tags, "language"), "fra");
    std::vector<std::string> texts;
    for (const MediaPacket& packet : back.packets) {
      if (packet.stream != 0) continue;
      texts.emplace_back(packet.data.begin(), packet.data.end());
      if (texts.back() == "Ahoy") {
        EXPECT_NEAR(packet.pts * back.info.streams[0].time_base.value(), 0.2, 1e-4);
        EXPECT_NEAR(packet.duration * back.info.streams[0].time_base.value(), 0.7, 1e-4);
      }
    }
    EXPECT_EQ(texts, (std::vector<std::string>{"Ahoy", "Land!"})) << name;
  }
}

TEST(MatroskaTest, KeepsWebVttWithItsSettings) {
  TestFolder dir;
  std::ofstream(dir / "s.vtt") << "WEBVTT\n\nfirst\n00:00.200 --> 00:00.900 line:0 align:start\n"
                                  "<i>Ahoy</i>\n\n00:01.000 --> 00:01.500\nLand!\n";
  ASSERT_TRUE(Ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=2 -i " + (dir / "s.vtt") +
                     " -map 0 -map 1 -c:v libvpx -deadline realtime -c:s copy " +
                     (dir / "a.webm")));
  const ReadAll source = ReadEverything(dir / "a.webm");
  ASSERT_TRUE(source.status.ok()) << source.status.message();
  ASSERT_TRUE(WriteFile(dir / "out.mkv", source.info, DummyEncode(source)).ok());
  const Demuxed back = Demux(dir / "out.mkv");
  ASSERT_EQ(back.info.streams.size(), 1u);
  EXPECT_EQ(back.info.streams[0].codec, "webvtt");
  std::vector<MediaPacket> cues;
  for (const MediaPacket& packet : back.packets) {
    if (packet.stream == 0) cues.push_back(packet);
  }
  ASSERT_EQ(cues.size(), 2u);
  EXPECT_EQ(std::string(cues[0].data.begin(), cues[0].data.end()), "<i>Ahoy</i>");
  EXPECT_EQ(cues[0].cue_id, "first");
  EXPECT_EQ(cues[0].cue_settings, "line:0 align:start");
  EXPECT_EQ(std::string(cues[1].data.begin(), cues[1].data.end()), "Land!");
  EXPECT_EQ(cues[1].cue_settings, "");
}

TEST(MatroskaTest, DatesThatDontFit) {
  int64_t ns = 0;
  EXPECT_TRUE(ParseDate("2001-01-01T00:00:01.5Z", &ns));
  EXPECT_EQ(ns, 1500000000);
  EXPECT_TRUE(ParseDate("2293-01-01 00:00:00", &ns));
  EXPECT_GT(ns, int64_t{9'000'000'000} * 1'000'000'000);
  EXPECT_FALSE(ParseDate("2294-01-01T00:00:00", &ns));
  EXPECT_FALSE(ParseDate("9999-12-31T23:59:59.999999999", &ns));
  EXPECT_FALSE(ParseDate("0001-01-01T00:00:00", &ns));
}

TEST(MatroskaTest, TimesThatDontFit) {
  TestFolder dir;
  MediaPacket packet = VideoPacket(0, true);
  packet.duration = INT64_MAX;  // an end that can't be known
  EXPECT_TRUE(WriteFile(dir / "a.mkv", PlainInfo({1, 25}), {packet}).ok());
  EXPECT_EQ(Demux(dir / "a.mkv").packets.size(), 1u);
  for (const int64_t pts : {INT64_MAX, INT64_MAX / 1'000'000'000 * 25, INT64_MIN + 1}) {
    packet.data = {1};
    packet.pts = pts;
    EXPECT_EQ(WriteFile(dir / "b.mkv", PlainInfo({1, 25}), {packet}).code(),
              StatusCode::kInvalidStream);
  }
}

// The DURATION tag as somebody else may have written it: an estimate, if it is believed.
TEST(MatroskaTest, DurationsThatArent) {
  TestFolder dir;
  MediaInfo info = PlainInfo({1, INT32_MAX});
  info.video.frame_rate = {INT32_MAX, 1};
  SequenceHeader header;
  header.width = 64;
  header.height = 48;
  header.time_base = info.video.time_base;
  header.frame_rate = info.video.frame_rate;
  const auto bytes = WriteSequenceHeader(header);
  ASSERT_TRUE(bytes.ok());
  auto writer = OpenCodedWriter(dir / "a.mkv", info, *bytes, {});
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE((*writer)->WritePacket(VideoPacket(0, true)).ok());
  ASSERT_TRUE((*writer)->Finish().ok());
  const std::string file = FileText(dir / "a.mkv");
  const size_t at = file.find("00:00:00.");
  ASSERT_NE(at, std::string::npos);
  const auto end_of = [&](std::string text) {
    text.resize(18, '0');
    std::ofstream(dir / "b.mkv", std::ios::binary) << std::string(file).replace(at, 18, text);
    auto reader = OpenCoded(dir / "b.mkv", {});
    EXPECT_TRUE(reader.ok());
    return reader.ok() ? (*reader)->end_pts() : 0;
  };
  EXPECT_EQ(end_of("00:00:02."), int64_t{2} * INT32_MAX);
  EXPECT_EQ(end_of("1000000:00:00."), int64_t{3'600'000'000} * INT32_MAX);
  for (const char* text : {"99999999:59:00.", "2147483647:0:0.", "00:00:1e300 ", "nan:00:00.",
                           "-100:00:00.", "0:0:inf ", "00:00:00."}) {
    EXPECT_EQ(end_of(text), kNoTimestamp) << text;
  }
}

TEST(MatroskaTest, FullDiskAndPipe) {
  MediaInfo info = PlainInfo({1, 25});
  std::vector<MediaPacket> packets;
  for (int i = 0; i < 100; ++i) packets.push_back(VideoPacket(i, i % 50 == 0));
  const Status status = WriteFile("/dev/full", info, packets);
  EXPECT_EQ(status.code(), StatusCode::kIo);
  EXPECT_NE(status.message().find("/dev/full"), std::string::npos);
  TestFolder dir;
  // What can't seek is written without patches and index, and still reads.
  ASSERT_EQ(mkfifo((dir / "pipe").c_str(), 0600), 0);
  std::thread copy([&dir] {
    std::ifstream in(dir / "pipe", std::ios::binary);
    std::ofstream(dir / "copy.mkv", std::ios::binary) << in.rdbuf();
  });
  EXPECT_TRUE(WriteFile(dir / "pipe", info, packets).ok());
  copy.join();
  EXPECT_EQ(Demux(dir / "copy.mkv").packets.size(), packets.size());
}

}  // namespace
}  // namespace furl::media
