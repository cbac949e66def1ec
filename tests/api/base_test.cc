// Streams above a base through the C interface: the caller has the base's pictures.

#include <furl/furl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <furl/furl.hpp>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "api/coding.h"
#include "conformance/streams.h"
#include "support/test_video.h"
#include "support/tiny_model.h"

namespace furl {
namespace {

using test::ConformanceCase;
using test::ConformanceStream;

const ConformanceCase& CaseOf(std::string_view name) {
  return *std::find_if(std::begin(test::kConformanceCases), std::end(test::kConformanceCases),
                       [&](const ConformanceCase& c) { return c.name == name; });
}

std::vector<uint32_t> WantedHashes(const ConformanceCase& c) {
  const auto bytes = ReadFile(test::StreamPath(c, ".hashes"), 1 << 20).value();
  const std::string text(bytes.begin(), bytes.end());
  std::vector<uint32_t> hashes;
  for (size_t at = 0; at + 8 < text.size(); at += 9) {
    hashes.push_back(static_cast<uint32_t>(std::stoul(text.substr(at, 8), nullptr, 16)));
  }
  return hashes;
}

// The hash of what the interface shows.
uint32_t HashOf(const furl_picture& picture) {
  const FramePtr frame = Frame::Create(picture.width, picture.height, picture.bit_depth).value();
  for (int p = 0; p < 3; ++p) {
    const Plane plane = frame->plane(p);
    for (int y = 0; y < plane.height; ++y) {
      std::copy_n(picture.data[p] + y * picture.stride[p], plane.width, plane.row(y));
    }
  }
  return FrameHash(*frame);
}

class CApiBase : public testing::Test {
 protected:
  // Opens a decoder for the stream of that case, which is of the tiny model.
  void Open(std::string_view name) {
    case_ = &CaseOf(name);
    stream_ = test::ReadStream(*case_).value();
    const auto model_file = test::MakeTinyModelFile();
    api::Model model;
    ASSERT_EQ(api::Model::FromMemory(model_file, &model), FURL_OK);
    ASSERT_EQ(api::Decoder::Open(nullptr, model, stream_.header, &decoder_), FURL_OK)
        << furl_last_error();
  }

  furl_status SendBase(int64_t number) {
    return decoder_.SendBase(test::ImageOf(*stream_.bases[number]), stream_.BeginsGop(number));
  }
  furl_status SendPacket(size_t number) {
    const RawPacket& packet = stream_.packets[number];
    return decoder_.Send(packet.data, packet.pts, packet.duration);
  }

  // Takes what is ready and says why there is no more.
  furl_status Take() {
    api::FrameHandle frame;
    furl_status status;
    while ((status = decoder_.Receive(&frame)) == FURL_OK) {
      const furl_picture picture = frame.picture();
      EXPECT_EQ(picture.pts, static_cast<int64_t>(hashes_.size()));
      hashes_.push_back(HashOf(picture));
      concealed_ += picture.concealed;
    }
    return status;
  }
  void TakeRest() {
    ASSERT_EQ(decoder_.Flush(), FURL_OK);
    ASSERT_EQ(Take(), FURL_END_OF_STREAM);
  }

  const ConformanceCase* case_ = nullptr;
  ConformanceStream stream_;
  api::Decoder decoder_;
  std::vector<uint32_t> hashes_;
  int concealed_ = 0;
};

TEST_F(CApiBase, ShowsTheSamePicturesInAnyOrderOfSending) {
  for (const char* name : {"hybrid_half_96x64", "hybrid_two_thirds_97x65", "hybrid_filter_81x47",
                           "hybrid_either_80x48", "hybrid_ten_on_eight_65x49"}) {
    for (const bool packets_first : {true, false}) {
      hashes_.clear();
      Open(name);
      const auto send_packets = [&] {
        for (size_t i = 0; i < stream_.packets.size(); ++i) {
          ASSERT_EQ(SendPacket(i), FURL_OK) << furl_last_error();
        }
      };
      if (packets_first) send_packets();
      for (size_t i = 0; i < stream_.bases.size(); ++i) {
        ASSERT_EQ(SendBase(i), FURL_OK) << furl_last_error();
        if (!packets_first) continue;
        EXPECT_EQ(Take(), FURL_TRY_AGAIN);
      }
      if (!packets_first) send_packets();
      TakeRest();
      EXPECT_EQ(hashes_, WantedHashes(*case_)) << name;
    }
  }
  EXPECT_EQ(concealed_, 0);
}

// Where all that is added is a filter nothing is waited for.
TEST_F(CApiBase, FilteredPicturesComeAtOnce) {
  Open("hybrid_filter_81x47");
  ASSERT_EQ(SendPacket(0), FURL_OK);
  for (int64_t i = 0; i < case_->gop_frames; ++i) {
    ASSERT_EQ(SendBase(i), FURL_OK);
    EXPECT_EQ(Take(), FURL_TRY_AGAIN);
    EXPECT_EQ(hashes_.size(), static_cast<size_t>(i) + 1);
  }
}

TEST_F(CApiBase, TheHeaderTellsOfTheBase) {
  Open("hybrid_ten_on_eight_65x49");
  furl_stream_info info{};
  info.struct_size = sizeof(info);
  ASSERT_EQ(furl_read_stream_info(stream_.header.data(), stream_.header.size(), &info), FURL_OK);
  EXPECT_EQ(info.bit_depth, 10);
  EXPECT_EQ(info.base_width, 65);
  EXPECT_EQ(info.base_height, 49);
  EXPECT_EQ(info.base_bit_depth, 8);
  // A caller of the first version doesn't hear of it.
  std::fill_n(reinterpret_cast<char*>(&info), sizeof(info), 'x');
  info.struct_size = offsetof(furl_stream_info, base_width);
  ASSERT_EQ(furl_read_stream_info(stream_.header.data(), stream_.header.size(), &info), FURL_OK);
  EXPECT_EQ(info.width, 65);
  EXPECT_EQ(reinterpret_cast<const char*>(&info.base_width)[0], 'x');
}

TEST_F(CApiBase, LostPacketsLeaveTheBase) {
  Open("hybrid_half_96x64");
  for (size_t i = 0; i < stream_.bases.size(); ++i) ASSERT_EQ(SendBase(i), FURL_OK);
  for (size_t i = 0; i < stream_.packets.size(); ++i) {
    if (i % 3 == 2) continue;
    ASSERT_EQ(SendPacket(i), FURL_OK);
  }
  TakeRest();
  const auto wanted = WantedHashes(*case_);
  ASSERT_EQ(hashes_.size(), wanted.size());
  EXPECT_EQ(hashes_[0], wanted[0]);
  EXPECT_GT(concealed_, 0);
  int wrong = 0;
  for (size_t i = 0; i < wanted.size(); ++i) wrong += hashes_[i] != wanted[i];
  EXPECT_EQ(wrong, concealed_);
  furl_decoder_statistics statistics{};
  statistics.struct_size = sizeof(statistics);
  ASSERT_EQ(furl_decoder_get_statistics(decoder_.get(), &statistics), FURL_OK);
  EXPECT_EQ(statistics.concealed_frames, concealed_);
}

// Times are those of the base, whatever is lost.
TEST_F(CApiBase, WithoutPacketsThereIsTheBase) {
  Open("hybrid_low_delay_64x48");
  for (size_t i = 0; i < stream_.bases.size(); ++i) ASSERT_EQ(SendBase(i), FURL_OK);
  TakeRest();
  EXPECT_EQ(hashes_.size(), stream_.bases.size());
  EXPECT_EQ(concealed_, case_->frames);
}

TEST_F(CApiBase, AFullDecoderSaysTryAgain) {
  Open("hybrid_low_delay_64x48");
  furl_image image = test::ImageOf(*stream_.bases[0]);
  int number = 0;
  image.user_data = &number;
  for (; number < FURL_MAX_HELD_BASES; ++number) {
    image.pts = number;
    ASSERT_EQ(decoder_.SendBase(image, false), FURL_OK);
  }
  image.pts = number;
  ASSERT_EQ(decoder_.SendBase(image, false), FURL_TRY_AGAIN);
  api::FrameHandle frame;
  ASSERT_EQ(decoder_.Receive(&frame), FURL_OK);
  EXPECT_EQ(frame.picture().pts, 0);
  EXPECT_EQ(frame.picture().user_data, &number);
  EXPECT_EQ(frame.picture().qp, FURL_NO_QP);
  EXPECT_EQ(decoder_.SendBase(image, false), FURL_OK);
}

TEST_F(CApiBase, SenselessPicturesAreRefused) {
  Open("hybrid_ten_on_eight_65x49");
  furl_image image = test::ImageOf(*stream_.bases[0]);
  EXPECT_EQ(furl_decoder_send_base(nullptr, &image, 0), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(furl_decoder_send_base(decoder_.get(), nullptr, 0), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(furl_decoder_send_base(decoder_.get(), &image, 2), FURL_ERROR_INVALID_ARGUMENT);
  furl_image bad = image;
  bad.strides[1] = 10;
  EXPECT_EQ(decoder_.SendBase(bad, true), FURL_ERROR_INVALID_ARGUMENT);
  const auto deep = test::MakeVideo(65, 49, 10, 1);  // the base has 8 bits
  EXPECT_EQ(decoder_.SendBase(test::ImageOf(*deep[0]), true), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_EQ(decoder_.SendBase(image, true), FURL_OK) << furl_last_error();
  EXPECT_EQ(decoder_.SendBase(image, false), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_NE(std::string(furl_last_error()).find("does not rise"), std::string::npos);
  ASSERT_EQ(decoder_.Flush(), FURL_OK);
  image.pts = 1;
  EXPECT_EQ(decoder_.SendBase(image, false), FURL_ERROR_INVALID_ARGUMENT);
}

TEST_F(CApiBase, AStreamThatStandsAloneTakesNone) {
  const auto video = test::MakeVideo(32, 32, 8, 2);
  const test::Stream stream = test::Encode(video, test::Settings(32, 32, 8));
  ASSERT_EQ(api::Decoder::Open(nullptr, test::OpenModel(), stream.header, &decoder_), FURL_OK);
  EXPECT_EQ(decoder_.SendBase(test::ImageOf(*video[0]), true), FURL_ERROR_INVALID_ARGUMENT);
  EXPECT_NE(std::string(furl_last_error()).find("no base"), std::string::npos);
}

}  // namespace
}  // namespace furl
