#include "coded_clip.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "support/dct_model.h"
#include "support/test_video.h"

namespace furl::test {
namespace {

using gstreamer::DecoderPtr;
using gstreamer::EncoderPtr;
using gstreamer::FramePtr;
using gstreamer::ModelPtr;
using gstreamer::WriterPtr;

// Removed at the end of the program.
struct Folder {
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "furl-gstreamer-XXXXXX";
    path = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path, error);
  }
  std::filesystem::path path;
};

ModelPtr OpenModel() {
  furl_model* model = nullptr;
  EXPECT_EQ(furl_model_from_file(&model, ModelPath().c_str()), FURL_OK) << furl_last_error();
  return ModelPtr(model);
}

furl_status AppendTo(void* opaque, const uint8_t* data, size_t size) {
  auto* bytes = static_cast<std::vector<uint8_t>*>(opaque);
  bytes->insert(bytes->end(), data, data + size);
  return FURL_OK;
}

EncoderPtr OpenEncoder(const CodedClip& clip, bool low_delay) {
  furl_encoder_settings settings;
  furl_encoder_settings_init(&settings, sizeof(settings));
  settings.width = clip.width;
  settings.height = clip.height;
  settings.bit_depth = clip.bit_depth;
  settings.crf = 25;
  settings.gop_seconds = 0.32;
  settings.low_delay = low_delay;
  settings.preset = FURL_PRESET_FAST;
  settings.threads = 1;
  settings.color = {1, 1, 1, 0, 0};
  furl_encoder* encoder = nullptr;
  EXPECT_EQ(furl_encoder_open(&encoder, &settings, OpenModel().get()), FURL_OK);
  return EncoderPtr(encoder);
}

void TakePackets(furl_encoder* encoder, furl_writer* writer, CodedClip* clip) {
  furl_packet packet{};
  packet.struct_size = sizeof(packet);
  while (furl_encoder_receive(encoder, &packet) == FURL_OK) {
    clip->packets.push_back(
        {{packet.data, packet.data + packet.size}, packet.pts, packet.key != 0});
    EXPECT_EQ(furl_writer_send(writer, &packet), FURL_OK);
  }
}

void Code(bool low_delay, CodedClip* clip) {
  const EncoderPtr encoder = OpenEncoder(*clip, low_delay);
  const uint8_t* header = nullptr;
  size_t size = 0;
  furl_encoder_sequence_header(encoder.get(), &header, &size);
  clip->header.assign(header, header + size);
  furl_writer* raw = nullptr;
  EXPECT_EQ(furl_writer_open(&raw, AppendTo, &clip->bare, header, size), FURL_OK);
  const WriterPtr writer(raw);
  for (const ConstFramePtr& frame :
       MakeVideo(clip->width, clip->height, clip->bit_depth, clip->frames)) {
    furl_image image{};
    image.struct_size = sizeof(image);
    image.bytes_per_sample = 2;
    for (int p = 0; p < 3; ++p) {
      image.planes[p] = frame->plane(p).data;
      image.strides[p] = frame->plane(p).stride * 2;
    }
    image.pts = frame->pts;
    image.duration = 1;
    EXPECT_EQ(furl_encoder_send(encoder.get(), &image), FURL_OK);
    TakePackets(encoder.get(), writer.get(), clip);
  }
  EXPECT_EQ(furl_encoder_flush(encoder.get()), FURL_OK);
  TakePackets(encoder.get(), writer.get(), clip);
  EXPECT_EQ(furl_writer_finish(writer.get()), FURL_OK);
}

std::vector<uint8_t> SamplesOf(const furl_frame* frame, int bit_depth) {
  furl_picture picture{};
  picture.struct_size = sizeof(picture);
  furl_frame_get_picture(frame, &picture);
  const int bytes = bit_depth > 8 ? 2 : 1;
  const int width[3] = {picture.width, (picture.width + 1) / 2, (picture.width + 1) / 2};
  const int height[3] = {picture.height, (picture.height + 1) / 2, (picture.height + 1) / 2};
  std::vector<uint8_t> samples;
  for (int p = 0; p < 3; ++p)
    samples.resize(samples.size() + size_t{1} * width[p] * height[p] * bytes);
  void* planes[3];
  ptrdiff_t strides[3];
  uint8_t* next = samples.data();
  for (int p = 0; p < 3; ++p) {
    planes[p] = next;
    strides[p] = ptrdiff_t{width[p]} * bytes;
    next += strides[p] * height[p];
  }
  EXPECT_EQ(furl_frame_copy(frame, bytes, planes, strides), FURL_OK);
  return samples;
}

void TakePictures(furl_decoder* decoder, CodedClip* clip) {
  furl_frame* raw = nullptr;
  while (furl_decoder_receive(decoder, &raw) == FURL_OK) {
    const FramePtr frame(raw);
    furl_picture picture{};
    picture.struct_size = sizeof(picture);
    furl_frame_get_picture(raw, &picture);
    clip->pictures[picture.pts] = SamplesOf(raw, clip->bit_depth);
  }
}

void Decode(CodedClip* clip) {
  furl_decoder* raw = nullptr;
  EXPECT_EQ(
      furl_decoder_open(&raw, nullptr, OpenModel().get(), clip->header.data(), clip->header.size()),
      FURL_OK);
  const DecoderPtr decoder(raw);
  for (const CodedPacket& coded : clip->packets) {
    furl_packet packet{};
    packet.struct_size = sizeof(packet);
    packet.data = coded.data.data();
    packet.size = coded.data.size();
    packet.pts = coded.pts;
    EXPECT_EQ(furl_decoder_send(decoder.get(), &packet), FURL_OK);
    TakePictures(decoder.get(), clip);
  }
  EXPECT_EQ(furl_decoder_flush(decoder.get()), FURL_OK);
  TakePictures(decoder.get(), clip);
}

}  // namespace

CodedClip MakeCodedClip(int width, int height, int bit_depth, int frames, bool low_delay) {
  CodedClip clip;
  clip.width = width;
  clip.height = height;
  clip.bit_depth = bit_depth;
  clip.frames = frames;
  Code(low_delay, &clip);
  Decode(&clip);
  return clip;
}

std::string WriteFile(const std::string& name, const std::vector<uint8_t>& bytes) {
  static const Folder folder;
  const std::filesystem::path path = folder.path / name;
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  return path;
}

const std::string& ModelPath() {
  static const std::string path = WriteFile("test.furlmodel", MakeDctModelFile(1));
  return path;
}

}  // namespace furl::test
