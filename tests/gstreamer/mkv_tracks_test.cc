// The search for furl tracks at the front of Matroska files, also of files that are cut or
// senseless.

#include "gstreamer/mkv_tracks.h"

#include <gtest/gtest.h>

#include <random>

namespace furl::gstreamer {
namespace {

using Answer = MkvTracks::Answer;
using Bytes = std::vector<uint8_t>;

// An element with a size of eight bytes.
Bytes Element(const Bytes& id, const Bytes& content) {
  Bytes out = id;
  out.push_back(1);
  for (int shift = 48; shift >= 0; shift -= 8) {
    out.push_back(static_cast<uint8_t>(content.size() >> shift));
  }
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes Text(const std::string& text) { return {text.begin(), text.end()}; }

Bytes Track(uint8_t number, const std::string& codec, const Bytes& header) {
  return Element({0xAE}, Element({0xD7}, {number}) + Element({0x86}, Text(codec)) +
                             Element({0x63, 0xA2}, header));
}

const Bytes kEbmlHead = Element({0x1A, 0x45, 0xDF, 0xA3}, Element({0x42, 0x82}, Text("matroska")));
const Bytes kInfo = Element({0x15, 0x49, 0xA9, 0x66}, Element({0x4D, 0x80}, Text("somebody")));
const Bytes kTracks =
    Element({0x16, 0x54, 0xAE, 0x6B}, Track(1, "V_VP8", {}) + Track(2, "A_OPUS", {1, 2}) +
                                          Track(7, std::string("V_FURL\0", 7), {9, 8, 7}));
const Bytes kCluster = Element({0x1F, 0x43, 0xB6, 0x75}, Bytes(100));

Bytes File(const Bytes& content) { return kEbmlHead + Element({0x18, 0x53, 0x80, 0x67}, content); }

TEST(MkvTracks, FindsFurlAmongOthers) {
  const MkvTracks tracks = FindMkvTracks(File(kInfo + kTracks + kCluster));
  EXPECT_EQ(tracks.answer, Answer::kFound);
  ASSERT_EQ(tracks.furl.size(), 1u);
  EXPECT_EQ(tracks.furl[0].number, 7u);
  EXPECT_EQ(tracks.furl[0].header, (Bytes{9, 8, 7}));
}

TEST(MkvTracks, ASegmentOfUnknownSizeIsOneToo) {
  Bytes file = kEbmlHead + Bytes{0x18, 0x53, 0x80, 0x67, 0x01, 255, 255, 255, 255, 255, 255, 255};
  EXPECT_EQ(FindMkvTracks(file + kTracks).furl.size(), 1u);
}

TEST(MkvTracks, WantsMoreUntilTheTracksAreWhole) {
  const Bytes file = File(kInfo + kTracks + kCluster);
  const size_t whole = file.size() - kCluster.size();
  for (size_t size = 0; size < file.size(); ++size) {
    const MkvTracks tracks = FindMkvTracks({file.data(), size});
    EXPECT_EQ(tracks.answer, size < whole ? Answer::kMore : Answer::kFound) << size;
  }
}

TEST(MkvTracks, OtherFilesAreLetGo) {
  EXPECT_EQ(FindMkvTracks(File(kInfo + kCluster + kTracks)).answer, Answer::kNothing);
  EXPECT_EQ(FindMkvTracks(Text("furl is no Matroska file")).answer, Answer::kNothing);
  EXPECT_EQ(FindMkvTracks(File(Element({0xEC}, Bytes(3)))).answer, Answer::kMore);
  // An element that claims more than anybody reads.
  EXPECT_EQ(
      FindMkvTracks(File(Bytes{0x15, 0x49, 0xA9, 0x66, 0x01, 1, 0, 0, 0, 0, 0, 0} + Bytes(20)))
          .answer,
      Answer::kNothing);
}

TEST(MkvTracks, ChangedBytesDoNoHarm) {
  const Bytes file = File(kInfo + kTracks + kCluster);
  std::mt19937 random(1);
  for (int i = 0; i < 5000; ++i) {
    Bytes hurt = file;
    for (int n = 0; n < 3; ++n) hurt[random() % hurt.size()] = static_cast<uint8_t>(random());
    for (const MkvTrack& track : FindMkvTracks(hurt).furl) EXPECT_LE(track.header.size(), 1000u);
  }
}

}  // namespace
}  // namespace furl::gstreamer
