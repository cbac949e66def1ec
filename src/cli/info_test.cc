#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "bitstream/bitstream_test_util.h"
#include "bitstream/packet.h"
#include "bitstream/raw_stream.h"
#include "bitstream/sequence_header.h"
#include "cli/app.h"
#include "cli/exit_codes.h"

namespace furl::cli {
namespace {

struct Shown {
  int exit = 0;
  std::string out;
  std::string err;
};

// What furl info says of a bare stream with this one packet, or with it again and again.
Shown InfoOf(const std::vector<uint8_t>& packet, const std::vector<int64_t>& times = {0}) {
  const std::string path = testing::TempDir() + "furl_info_test.furl";
  std::ofstream file(path, std::ios::binary);
  RawStreamWriter writer([&](std::span<const uint8_t> bytes) {
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    return OkStatus();
  });
  SequenceHeader header;
  header.width = 16;
  header.height = 16;
  EXPECT_TRUE(writer.WriteHeader(WriteSequenceHeader(header).value()).ok());
  for (const int64_t pts : times) {
    EXPECT_TRUE(writer.WritePacket(packet, pts, 1, /*key=*/true).ok());
  }
  EXPECT_TRUE(writer.Finish().ok());
  file.close();
  std::ostringstream out;
  std::ostringstream err;
  Shown shown;
  shown.exit = RunFurl({"info", path, "--json"}, out, err, /*terminal=*/false);
  shown.out = out.str();
  shown.err = err.str();
  std::filesystem::remove(path);
  return shown;
}

std::vector<uint8_t> KeyPacket() {
  FrameHeader header;
  header.store_slot = 0;
  header.last_of_gop = true;
  return WritePacket(header, {}, {}).value();
}

TEST(Info, WhatANewerFurlWroteIsNotDamaged) {
  const Shown newer = InfoOf(WithExtensions(KeyPacket(), std::vector<uint8_t>{5, 0}));
  EXPECT_EQ(newer.exit, kExitUnsupported);
  EXPECT_NE(newer.err.find("extension 5 must be understood"), std::string::npos) << newer.err;
  EXPECT_EQ(newer.err.find("damaged"), std::string::npos) << newer.err;
  EXPECT_NE(newer.out.find("\"damaged\":0,\"missing_frames\":0,\"unsupported\":1"),
            std::string::npos)
      << newer.out;

  EXPECT_EQ(InfoOf(WithExtensions(KeyPacket(), std::vector<uint8_t>{4, 0})).exit, kExitOk);
  EXPECT_EQ(InfoOf(KeyPacket()).exit, kExitOk);
}

TEST(Info, AGopWithoutItsEndIsNotWhole) {
  FrameHeader header;
  header.store_slot = 0;
  const Shown cut = InfoOf(WritePacket(header, {}, {}).value());
  EXPECT_EQ(cut.exit, kExitInput);
  EXPECT_NE(cut.out.find("\"missing_frames\":1"), std::string::npos) << cut.out;
}

TEST(Info, TimesMayLieAsFarApartAsTheyCan) {
  const Shown far = InfoOf(KeyPacket(), {-INT64_MAX, INT64_MAX});
  EXPECT_NE(far.out.find("\"seconds\":"), std::string::npos) << far.out;
  EXPECT_EQ(far.out.find("\"seconds\":-"), std::string::npos) << far.out;
}

TEST(Info, DamageIsNotTakenForAnExtension) {
  std::vector<uint8_t> packet = WithExtensions(KeyPacket(), std::vector<uint8_t>{4, 0});
  packet[2] ^= 1;  // the number of the extension, which would have to be understood
  const Shown hurt = InfoOf(packet);
  EXPECT_EQ(hurt.exit, kExitInput);
  EXPECT_NE(hurt.out.find("\"damaged\":1,\"missing_frames\":0,\"unsupported\":0"),
            std::string::npos)
      << hurt.out;
}

}  // namespace
}  // namespace furl::cli
