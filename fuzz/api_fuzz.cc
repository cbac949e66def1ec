// Sequences of calls of the C interface: handles of every kind, opened, used in any order, closed;
// senseless arguments in between. What is forbidden (closed handles, memory that isn't there) is
// left out; all else must answer with a status.
//
// Input: a byte for each call, behind it its arguments.

#include <furl/furl.h>

#include <array>
#include <cstdint>
#include <vector>

#include "codec/enc/code_frame.h"
#include "fuzz/fuzz_util.h"
#include "fuzz/stream_format.h"
#include "support/test_video.h"
#include "support/tiny_model.h"

namespace furl {
namespace {

constexpr int kMaxCalls = 40;
constexpr int kSide = 16;

// A stream that adds to a base, which encoders of the interface don't make.
struct HybridStream {
  static constexpr StreamSize kSize = {40, 24};
  static constexpr int kFrames = 6;
  static constexpr int kGop = 3;

  Bytes header;
  std::vector<Bytes> packets;
  std::vector<ConstFramePtr> bases;

  explicit HybridStream(BaseUse use) {
    EncoderSettings settings;
    settings.width = kSize.width;
    settings.height = kSize.height;
    settings.threads = 1;
    settings.base = StreamBase(kSize, 8);
    settings.base_use = use;
    const auto encoder = Encoder::Create(settings, test::MakeTinyModel().value()).value();
    header.assign(encoder->sequence_header().begin(), encoder->sequence_header().end());
    const auto take = [this](const EncodedPacket& packet) {
      packets.push_back(packet.data);
      return OkStatus();
    };
    for (const auto& frame : test::MakeVideo(kSize.width, kSize.height, 8, kFrames)) {
      bases.push_back(StreamBasePicture(*settings.base, static_cast<int>(frame->pts)));
      const Encoder::BaseInput base = {bases.back(), frame->pts % kGop == 0};
      FUZZ_CHECK(CodeFrame(encoder.get(), frame, base, take).ok());
    }
    FUZZ_CHECK(CodeFrame(encoder.get(), nullptr, take).ok());
  }
};

const HybridStream& AnyHybrid(FuzzInput* input) {
  static const HybridStream full(BaseUse::kFull);
  static const HybridStream filter(BaseUse::kFilter);
  return input->Byte() % 2 == 0 ? full : filter;
}

// Owns what calls have opened.
struct Handles {
  furl_model* model = nullptr;
  furl_encoder* encoder = nullptr;
  furl_decoder* decoder = nullptr;
  furl_frame* frame = nullptr;
  Bytes header;   // of the last encoder
  Bytes packet;   // its last
  int width = 0;  // its pictures
  int height = 0;
  int bit_depth = 0;

  Handles() {
    static const std::vector<uint8_t> file = test::MakeTinyModelFile();
    FUZZ_CHECK(furl_model_from_memory(&model, file.data(), file.size()) == FURL_OK);
  }
  ~Handles() {
    furl_frame_free(frame);
    furl_decoder_close(decoder);
    furl_encoder_close(encoder);
    furl_model_free(model);
  }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
};

// Every answer has a name, and every error a reason.
furl_status Check(furl_status status) {
  FUZZ_CHECK(status >= FURL_ERROR_INTERNAL && status <= FURL_NEED_MORE_DATA);
  FUZZ_CHECK(status != FURL_ERROR_INTERNAL);
  if (status < 0) FUZZ_CHECK(furl_last_error()[0] != '\0');
  return status;
}

// Mostly a small number, sometimes one of no sense.
int AnyInt(FuzzInput* input) {
  const uint8_t b = input->Byte();
  return b < 200 ? b % 67 : static_cast<int>(input->Number(4));
}

void OpenEncoder(FuzzInput* input, Handles* h) {
  furl_encoder_settings settings;
  Check(furl_encoder_settings_init(&settings, sizeof(settings)));
  settings.width = kSide + input->Byte() % 40;
  settings.height = kSide + input->Byte() % 40;
  settings.threads = 1;
  const uint8_t odd = input->Byte();
  if (odd & 1) settings.bit_depth = odd & 2 ? 10 : AnyInt(input);
  if (odd & 4) settings.crf = AnyInt(input);
  if (odd & 8) settings.preset = AnyInt(input);
  if (odd & 16) settings.low_delay = 1;
  if (odd & 32) settings.gop_seconds = AnyInt(input) / 25.0;
  if (odd & 64) settings.time_base = {AnyInt(input), AnyInt(input)};
  if (odd & 128) settings.struct_size = static_cast<size_t>(AnyInt(input));
  furl_encoder_close(h->encoder);
  h->encoder = nullptr;
  // A struct_size above the settings' says that there is more behind them.
  if (settings.struct_size > sizeof(settings)) settings.struct_size = sizeof(settings);
  if (Check(furl_encoder_open(&h->encoder, &settings, h->model)) != FURL_OK) return;
  const uint8_t* data = nullptr;
  size_t size = 0;
  FUZZ_CHECK(furl_encoder_sequence_header(h->encoder, &data, &size) == FURL_OK);
  h->header.assign(data, data + size);
  h->width = settings.width;
  h->height = settings.height;
  h->bit_depth = settings.bit_depth;
}

void SendImage(FuzzInput* input, Handles* h) {
  const int bytes = input->Byte() % 2 + 1;
  const int stride = (h->width + 2) * bytes;
  const Bytes samples(static_cast<size_t>(stride) * (h->height + 2), input->Byte() % 4);
  furl_image image = {};
  image.struct_size = sizeof(image);
  image.bytes_per_sample = input->Byte() < 250 ? bytes : AnyInt(input);
  for (int p = 0; p < 3; ++p) {
    image.planes[p] = input->Byte() < 250 ? samples.data() : nullptr;
    image.strides[p] = stride;
  }
  if (image.bytes_per_sample != bytes && image.bytes_per_sample == 2) return;
  image.pts = input->Byte() < 200 ? input->Byte() : static_cast<int64_t>(input->Number(4)) << 32;
  image.duration = AnyInt(input);
  image.key = input->Byte() < 200 ? 0 : AnyInt(input);
  Check(furl_encoder_send(h->encoder, &image));
}

void ReceivePacket(Handles* h) {
  furl_packet packet = {};
  packet.struct_size = sizeof(packet);
  if (Check(furl_encoder_receive(h->encoder, &packet)) != FURL_OK) return;
  FUZZ_CHECK(packet.size > 0);
  h->packet.assign(packet.data, packet.data + packet.size);
}

void OpenDecoder(FuzzInput* input, Handles* h) {
  furl_decoder_settings settings;
  Check(furl_decoder_settings_init(&settings, sizeof(settings)));
  settings.threads = 1 + input->Byte() % 2;
  const uint8_t odd = input->Byte();
  settings.conceal = odd & 1;
  if (odd & 2) settings.max_pixels = AnyInt(input);
  if (odd & 4) settings.max_memory = int64_t{AnyInt(input)} << 16;
  if (odd & 8) settings.max_macs_per_pixel = AnyInt(input);
  Bytes header = odd & 128 ? AnyHybrid(input).header : h->header;
  if (odd & 16 && !header.empty()) header[input->Byte() % header.size()] ^= 1;
  if (odd & 32) header.resize(input->Byte());
  furl_stream_info info = {};
  info.struct_size = sizeof(info);
  Check(furl_read_stream_info(header.data(), header.size(), &info));
  furl_decoder_close(h->decoder);
  h->decoder = nullptr;
  Check(furl_decoder_open(&h->decoder, odd & 64 ? nullptr : &settings, h->model, header.data(),
                          header.size()));
}

void SendBase(FuzzInput* input, Handles* h) {
  const HybridStream& stream = AnyHybrid(input);
  const uint8_t number = input->Byte();
  const Frame& picture = *stream.bases[number % HybridStream::kFrames];
  furl_image image = {};
  image.struct_size = sizeof(image);
  image.bytes_per_sample = input->Byte() < 250 ? 2 : AnyInt(input);
  for (int p = 0; p < 3; ++p) {
    image.planes[p] = input->Byte() < 250 ? picture.plane(p).data : nullptr;
    image.strides[p] = picture.plane(p).stride * 2;
  }
  image.pts = number;
  Check(furl_decoder_send_base(h->decoder, &image, number % HybridStream::kGop == 0));
}

void SendPacket(FuzzInput* input, Handles* h) {
  Bytes bytes = h->packet;
  const uint8_t odd = input->Byte();
  if (odd & 16) return SendBase(input, h);
  if (odd & 32) {
    const HybridStream& stream = AnyHybrid(input);
    bytes = stream.packets[input->Byte() % stream.packets.size()];
  }
  if (odd & 1 && !bytes.empty()) bytes[input->Byte() % bytes.size()] ^= 1;
  if (odd & 2) bytes.resize(input->Byte());
  furl_packet packet = {};
  packet.struct_size = odd & 4 ? input->Byte() % sizeof(packet) : sizeof(packet);
  packet.data = odd & 8 ? nullptr : bytes.data();
  packet.size = bytes.size();
  packet.pts = input->Byte();
  Check(furl_decoder_send(h->decoder, &packet));
}

void ReceiveFrame(Handles* h) {
  furl_frame_free(h->frame);
  const furl_status status = Check(furl_decoder_receive(h->decoder, &h->frame));
  FUZZ_CHECK((status == FURL_OK) == (h->frame != nullptr));
}

void LookAtFrame(FuzzInput* input, const Handles& h) {
  furl_picture picture = {};
  picture.struct_size = input->Byte() < 230 ? sizeof(picture) : input->Byte() % sizeof(picture);
  if (Check(furl_frame_get_picture(h.frame, &picture)) != FURL_OK) return;
  if (picture.struct_size < sizeof(picture)) return;
  const int bytes = input->Byte() < 230 ? 2 : AnyInt(input);
  Bytes plane(static_cast<size_t>(picture.width) * picture.height * 2);
  void* const planes[3] = {plane.data(), plane.data(),
                           input->Byte() < 250 ? plane.data() : nullptr};
  const ptrdiff_t stride = ptrdiff_t{picture.width} * 2;
  const ptrdiff_t strides[3] = {stride, stride, stride};
  Check(furl_frame_copy(h.frame, bytes, planes, strides));
}

void Ask(FuzzInput* input, const Handles& h) {
  furl_decoder_statistics statistics = {};
  statistics.struct_size = input->Byte() < 230 ? sizeof(statistics) : input->Byte() % 24;
  Check(furl_decoder_get_statistics(h.decoder, &statistics));
  furl_model_info info = {};
  info.struct_size = sizeof(info);
  Check(furl_model_get_info(h.model, &info));
  FUZZ_CHECK(furl_status_name(static_cast<furl_status>(input->Byte()))[0] != '\0');
}

void Call(uint8_t what, FuzzInput* input, Handles* h) {
  switch (what % 16) {
    case 0: return OpenEncoder(input, h);
    case 1:
    case 2:
    case 3: return SendImage(input, h);
    case 4:
    case 5: return ReceivePacket(h);
    case 6: Check(furl_encoder_flush(h->encoder)); return;
    case 7: return OpenDecoder(input, h);
    case 8:
    case 9: return SendPacket(input, h);
    case 10:
    case 11: return ReceiveFrame(h);
    case 12: return LookAtFrame(input, *h);
    case 13: Check(furl_decoder_flush(h->decoder)); return;
    case 14: return Ask(input, *h);
    default: {  // a model of any bytes
      furl_model* model = nullptr;
      const auto bytes = input->Take(input->Byte());
      if (Check(furl_model_from_memory(&model, bytes.data(), bytes.size())) != FURL_OK) {
        FUZZ_CHECK(model == nullptr);
      }
      furl_model_free(model);
    }
  }
}

}  // namespace
}  // namespace furl

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  furl::Handles handles;
  furl::FuzzInput input(data, size);
  for (int i = 0; i < furl::kMaxCalls && !input.empty(); ++i) {
    furl::Call(input.Byte(), &input, &handles);
  }
  return 0;
}
