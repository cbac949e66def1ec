#include "media/matroska/matroska_checker.h"

#include <gtest/gtest.h>

#include <ctime>
#include <random>

#include "media/matroska/matroska_ids.h"
#include "media/matroska/matroska_writer.h"
#include "media/test_clips.h"

namespace furl::media {
namespace {

using Bytes = std::vector<uint8_t>;

// Three GOPs of one second, from the writer itself.
Bytes MakeFile() {
  TestFolder dir;
  auto file = OutputFile::Open(dir / "a.mkv", true);
  EXPECT_TRUE(file.ok());
  MediaInfo info;
  info.video.width = 64;
  info.video.height = 48;
  info.video.time_base = {1, 25};
  info.tags = {{"title", "Sails"}};
  MatroskaVideoTrack track;
  track.codec_id = "V_FURL";
  track.codec_private = {'f', 'u', 'r', 'l'};
  auto writer = MatroskaWriter::Create(std::move(*file), info, track, nullptr);
  EXPECT_TRUE(writer.ok());
  std::mt19937 rng(1);
  for (int i = 0; i < 75; ++i) {
    MediaPacket packet;
    packet.data.resize(100);
    for (uint8_t& byte : packet.data) byte = static_cast<uint8_t>(rng());
    packet.pts = i;
    packet.duration = 1;
    packet.key = i % 25 == 0;
    EXPECT_TRUE((*writer)->WritePacket(packet).ok());
  }
  EXPECT_TRUE((*writer)->Finish().ok());
  const std::string text = FileText(dir / "a.mkv");
  return {text.begin(), text.end()};
}

std::deque<MatroskaDamage> Check(const Bytes& file, size_t piece = 1000) {
  MatroskaChecker checker;
  for (size_t i = 0; i < file.size(); i += piece) {
    checker.Append(std::span(file).subspan(i, std::min(piece, file.size() - i)));
  }
  checker.End();
  EXPECT_EQ(checker.checked(), static_cast<int64_t>(file.size()));
  return checker.damage();
}

// File positions and sizes, with heads, of the clusters.
std::vector<std::pair<size_t, size_t>> Clusters(const Bytes& file) {
  std::vector<std::pair<size_t, size_t>> found;
  for (size_t at = 0; at < file.size();) {
    const auto head = ReadEbmlHead(std::span(file).subspan(at));
    if (!head) break;
    const size_t size = head->head_size + static_cast<size_t>(head->size);
    if (head->id == mkv::kCluster) found.emplace_back(at, size);
    at += head->id == mkv::kSegment ? head->head_size : size;
  }
  return found;
}

bool Names(const std::deque<MatroskaDamage>& damage, int64_t time_ns) {
  for (const MatroskaDamage& hurt : damage) {
    if (hurt.time_ns == time_ns) return true;
  }
  return false;
}

TEST(MatroskaCheckerTest, NothingIsWrongWithWhatTheWriterMade) {
  const Bytes file = MakeFile();
  for (const size_t piece : {size_t{1}, size_t{13}, size_t{100000}}) {
    EXPECT_TRUE(Check(file, piece).empty());
  }
}

TEST(MatroskaCheckerTest, FindsEveryFlippedBit) {
  const Bytes file = MakeFile();
  const size_t headers = Clusters(file)[0].first + 100;
  for (size_t i = 0; i < file.size(); i += i < headers ? 1 : 11) {
    Bytes hurt = file;
    hurt[i] ^= static_cast<uint8_t>(1 << i % 8);
    // The Void element behind the SeekHead says nothing, and a section whose
    // CRC-32 element can't be recognized passes as one without.
    const bool padding = file[i] == 0 && i > 60 && i < 250;
    const size_t crc_head = file[i] == 0x84 ? i - 1 : i;
    const bool in_crc_head = file[crc_head] == mkv::kCrc32 && file[crc_head + 1] == 0x84;
    EXPECT_TRUE(padding || in_crc_head || !Check(hurt).empty()) << "byte " << i;
  }
}

TEST(MatroskaCheckerTest, FindsTruncationAnywhere) {
  const Bytes file = MakeFile();
  for (size_t size = 60; size < file.size(); size += 7) {
    EXPECT_FALSE(Check(Bytes(file.begin(), file.begin() + size)).empty()) << size;
  }
}

TEST(MatroskaCheckerTest, NamesTheTimeOfWhatIsHurt) {
  const Bytes file = MakeFile();
  const auto clusters = Clusters(file);
  ASSERT_EQ(clusters.size(), 3u);
  const auto [begin, size] = clusters[1];
  Bytes hurt = file;
  hurt[begin + size / 2] ^= 4;
  auto damage = Check(hurt);
  ASSERT_EQ(damage.size(), 1u);
  EXPECT_EQ(damage[0].time_ns, 1000000000);
  EXPECT_EQ(damage[0].offset, static_cast<int64_t>(begin));
  // Bytes cut out: nothing is said about the clusters around it.
  for (const size_t at : {size / 2, size - 20, size_t{30}}) {
    hurt = file;
    hurt.erase(hurt.begin() + begin + at, hurt.begin() + begin + at + 15);
    damage = Check(hurt);
    EXPECT_TRUE(Names(damage, 1000000000)) << at;
    EXPECT_FALSE(Names(damage, 0)) << at;
    EXPECT_FALSE(Names(damage, 2000000000)) << at;
  }
  // A whole cluster cut out: the index misses it.
  hurt = file;
  hurt.erase(hurt.begin() + begin, hurt.begin() + begin + size);
  EXPECT_TRUE(Names(Check(hurt), 1000000000));
  hurt = file;
  hurt[begin] ^= 1;  // no cluster by its id any more
  EXPECT_TRUE(Names(Check(hurt), 1000000000));
}

TEST(MatroskaCheckerTest, TimesMayOverflowALaterUnit) {
  const auto info = [](uint64_t scale) {
    EbmlBuffer content;
    content.Uint(mkv::kTimestampScale, scale);
    return content;
  };
  EbmlBuffer point;
  point.Uint(mkv::kCueTime, uint64_t{1} << 60);
  EbmlBuffer positions;
  positions.Uint(mkv::kCueTrack, 1);
  point.Master(mkv::kCueTrackPositions, positions);
  EbmlBuffer cues;
  cues.Master(mkv::kCuePoint, point);
  EbmlBuffer file;
  file.Id(mkv::kSegment);
  file.UnknownSize();
  file.Master(mkv::kInfo, info(1));
  file.Master(mkv::kCues, cues);
  file.Master(mkv::kInfo, info(1000000000));
  const auto damage = Check(file.bytes());
  ASSERT_EQ(damage.size(), 1u);
  EXPECT_EQ(damage[0].time_ns, -1);
}

TEST(MatroskaCheckerTest, EndsOnAnything) {
  std::mt19937 rng(2);
  const Bytes file = MakeFile();
  for (int i = 0; i < 300; ++i) {
    Bytes bytes = file;
    for (int j = 0; j < 20; ++j) bytes[rng() % bytes.size()] = static_cast<uint8_t>(rng());
    bytes.resize(rng() % bytes.size());
    Check(bytes, 1 + rng() % 500);
  }
  EXPECT_FALSE(Check(Bytes(5000, 0x1F)).empty());
  EXPECT_TRUE(Check({}).empty());
}

// Clusters, each inside of the one before and claiming all the rest behind a checksum. Every one
// was read to its end: 24 s for 1 MB.
TEST(MatroskaCheckerTest, ClustersThatClaimTheRestTakeNoLongTime) {
  Bytes file = MakeFile();
  file.resize(Clusters(file)[0].first);
  constexpr size_t kUnit = 4 + 8 + 6;
  constexpr size_t kUnits = 60000;
  for (size_t i = 0; i < kUnits; ++i) {
    const size_t claimed = (kUnits - i) * kUnit - 12 - 4;  // no element begins behind it
    const Bytes id = {0x1f, 0x43, 0xb6, 0x75, 0x01};
    file.insert(file.end(), id.begin(), id.end());
    for (int shift = 48; shift >= 0; shift -= 8) {
      file.push_back(static_cast<uint8_t>(claimed >> shift));
    }
    const Bytes crc = {0xbf, 0x84, 1, 2, 3, 4};
    file.insert(file.end(), crc.begin(), crc.end());
  }
  const std::clock_t start = std::clock();
  EXPECT_GT(Check(file, 100000).size(), 1000u);
  EXPECT_LT(double(std::clock() - start) / CLOCKS_PER_SEC, 3);
}

}  // namespace
}  // namespace furl::media
