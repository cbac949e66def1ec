// The C interface where memory and threads run out: every call says so or does its work, nothing
// ends the process or waits for ever, and what is left can be used or closed.

#include <furl/furl.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/checked_math.h"
#include "scarcity/trials.h"
#include "support/test_video.h"
#include "support/tiny_model.h"

namespace furl::test {
namespace {

constexpr int kSize = 48;
constexpr int kFrames = 6;
constexpr int kMostAnswers = 200;  // of one kind in a row, before something is stuck

using Bytes = std::vector<uint8_t>;
using Step = std::function<void()>;

struct Packet {
  Bytes data;
  int64_t pts = 0;
};

struct Stream {
  Bytes header;
  std::vector<Packet> packets;
  std::map<int64_t, uint64_t> pictures;  // by time: a hash
};

// What the trials start from; made before the first.
struct Material {
  Bytes model_file;
  std::vector<ConstFramePtr> video;
  furl_model* model = nullptr;
  Stream stream;
};

// Exit codes of a trial.
enum Ending { kEverything = 0, kError = 1, kWrong = 2 };

Verdict Judge(int exit_code) {
  if (exit_code == kEverything) return Verdict::kDone;
  return exit_code == kError ? Verdict::kRefused : Verdict::kBroken;
}

int Wrong(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  return kWrong;
}

// What an encoder answers: packets until its first error, and from then on that error.
class Answers {
 public:
  // Whether there was no error.
  bool Note(furl_status status) {
    if (error_ < 0 && status != error_) consistent_ = false;
    if (error_ == FURL_OK && status < 0) error_ = status;
    return status >= 0;
  }
  furl_status error() const { return error_; }
  bool consistent() const { return consistent_; }

 private:
  furl_status error_ = FURL_OK;
  bool consistent_ = true;
};

// Packets with room for their bytes, so that keeping them can't fail.
class PacketStore {
 public:
  PacketStore() : packets_(kFrames) {
    for (Packet& packet : packets_) packet.data.reserve(kMostBytes);
  }
  void Add(const furl_packet& packet) {
    if (used_ == packets_.size() || packet.size > kMostBytes) std::abort();
    const auto* data = static_cast<const uint8_t*>(packet.data);
    packets_[used_].data.assign(data, data + packet.size);
    packets_[used_++].pts = packet.pts;
  }
  std::vector<Packet> Take() {
    packets_.resize(used_);
    return std::move(packets_);
  }

 private:
  static constexpr size_t kMostBytes = size_t{16} << 10;

  std::vector<Packet> packets_;
  size_t used_ = 0;
};

void ReceivePackets(furl_encoder* encoder, Answers* answers, PacketStore* packets) {
  for (;;) {
    furl_packet packet = {};
    packet.struct_size = sizeof(packet);
    const furl_status status = furl_encoder_receive(encoder, &packet);
    answers->Note(status);
    if (status != FURL_OK) return;
    packets->Add(packet);
  }
}

// Encodes the video. Its packets, as many as there were before an error.
std::vector<Packet> Encode(const Material& material, int threads, Answers* answers,
                           const Step& start, const Step& stop, Bytes* header = nullptr) {
  PacketStore packets;
  furl_encoder_settings settings;
  furl_encoder_settings_init(&settings, sizeof(settings));
  settings.width = settings.height = kSize;
  settings.threads = threads;
  furl_encoder* encoder = nullptr;
  start();
  if (answers->Note(furl_encoder_open(&encoder, &settings, material.model))) {
    for (const ConstFramePtr& frame : material.video) {
      furl_image image = {};
      image.struct_size = sizeof(image);
      image.bytes_per_sample = 2;
      for (int p = 0; p < 3; ++p) {
        image.planes[p] = frame->plane(p).data;
        image.strides[p] = frame->plane(p).stride * ptrdiff_t{2};
      }
      image.pts = frame->pts;
      image.duration = 1;
      answers->Note(furl_encoder_send(encoder, &image));
      ReceivePackets(encoder, answers, &packets);
    }
    answers->Note(furl_encoder_flush(encoder));
    ReceivePackets(encoder, answers, &packets);
    if (header != nullptr) {
      const uint8_t* data = nullptr;
      size_t size = 0;
      furl_encoder_sequence_header(encoder, &data, &size);
      header->assign(data, data + size);
    }
  }
  furl_encoder_close(encoder);
  stop();
  return packets.Take();
}

bool StartsWith(const std::vector<Packet>& whole, const std::vector<Packet>& part) {
  if (part.size() > whole.size()) return false;
  for (size_t i = 0; i < part.size(); ++i) {
    if (part[i].data != whole[i].data || part[i].pts != whole[i].pts) return false;
  }
  return true;
}

int EncodeTrial(const Material& material, int threads, const Step& start, const Step& stop) {
  const std::vector<Packet>& expected = material.stream.packets;
  Answers answers;
  const std::vector<Packet> packets = Encode(material, threads, &answers, start, stop);
  if (!answers.consistent()) return Wrong("the encoder didn't stay with its first error");
  if (!StartsWith(expected, packets)) return Wrong("other packets");
  if (answers.error() == FURL_OK && packets.size() != expected.size()) {
    return Wrong("packets are missing without an error");
  }
  // The model serves the next one as if nothing had been.
  Answers again;
  const Step nothing = [] {};
  const std::vector<Packet> all = Encode(material, 1, &again, nothing, nothing);
  if (again.error() != FURL_OK || all.size() != expected.size() || !StartsWith(expected, all)) {
    return Wrong("the model is of no use afterwards");
  }
  return answers.error() == FURL_OK ? kEverything : kError;
}

uint64_t HashOf(const furl_picture& picture) {
  uint64_t hash = 0;
  for (int p = 0; p < 3; ++p) {
    const int width = p == 0 ? picture.width : CeilDiv(picture.width, 2);
    const int height = p == 0 ? picture.height : CeilDiv(picture.height, 2);
    for (int y = 0; y < height; ++y) {
      const uint16_t* row = picture.data[p] + y * picture.stride[p];
      for (int x = 0; x < width; ++x) hash = hash * 0x9e3779b97f4a7c15u + row[x];
    }
  }
  return hash;
}

// A decoder and what came out of it.
struct Decoding {
  furl_decoder* decoder = nullptr;
  std::map<int64_t, uint64_t> pictures;  // exact ones, by time
  int concealed = 0;
  int errors = 0;
};

// Takes what the decoder has ready; false where an error comes that often that it seems stuck.
bool ReceivePictures(Decoding* decoding) {
  for (int i = 0; i < kMostAnswers; ++i) {
    furl_frame* frame = nullptr;
    const furl_status status = furl_decoder_receive(decoding->decoder, &frame);
    if (status == FURL_TRY_AGAIN || status == FURL_END_OF_STREAM) return true;
    if (status < 0) {
      ++decoding->errors;
      continue;
    }
    furl_picture picture = {};
    picture.struct_size = sizeof(picture);
    furl_frame_get_picture(frame, &picture);
    if (picture.concealed) {
      ++decoding->concealed;
    } else {
      // Without memory: the map of a trial has its nodes already.
      const auto it = decoding->pictures.find(picture.pts);
      if (it != decoding->pictures.end()) it->second = HashOf(picture);
    }
    furl_frame_free(frame);
  }
  return false;
}

// Sends the stream, its times later by `delay`. What can't be sent is left out, as by a caller
// who takes it for damage.
bool SendStream(const Stream& stream, int64_t delay, Decoding* decoding) {
  for (const Packet& p : stream.packets) {
    furl_packet packet = {};
    packet.struct_size = sizeof(packet);
    packet.data = p.data.data();
    packet.size = p.data.size();
    packet.pts = p.pts + delay;
    packet.duration = 1;
    furl_status status = furl_decoder_send(decoding->decoder, &packet);
    if (status == FURL_TRY_AGAIN) {
      if (!ReceivePictures(decoding)) return false;
      status = furl_decoder_send(decoding->decoder, &packet);
      if (status == FURL_TRY_AGAIN) return false;
    }
    if (status < 0) ++decoding->errors;
    if (!ReceivePictures(decoding)) return false;
  }
  return true;
}

constexpr int64_t kLater = 1000;

// Places for the pictures of two passes of a stream.
std::map<int64_t, uint64_t> Places(const Stream& stream) {
  std::map<int64_t, uint64_t> places;
  for (const auto& [pts, hash] : stream.pictures) places[pts] = places[pts + kLater] = 0;
  return places;
}

// How many pictures of the pass came; -1 where one isn't what was encoded.
int ExactPictures(const Stream& stream, const Decoding& decoding, int64_t delay) {
  int exact = 0;
  for (const auto& [pts, hash] : stream.pictures) {
    const uint64_t got = decoding.pictures.at(pts + delay);
    if (got == 0) continue;
    if (got != hash) return -1;
    ++exact;
  }
  return exact;
}

struct DecodeOptions {
  int threads = 1;
  bool conceal = false;
  bool to_the_end = false;  // flushes and closes while calls fail, too
};

furl_status OpenDecoder(const Material& material, const DecodeOptions& options,
                        furl_decoder** decoder) {
  furl_decoder_settings settings;
  furl_decoder_settings_init(&settings, sizeof(settings));
  settings.threads = options.threads;
  settings.conceal = options.conceal;
  const Bytes& header = material.stream.header;
  return furl_decoder_open(decoder, &settings, material.model, header.data(), header.size());
}

// Decodes the stream while calls fail, then once more with the same decoder while none do.
int DecodeTrial(const Material& material, const DecodeOptions& options, const Step& start,
                const Step& stop) {
  const Stream& stream = material.stream;
  Decoding decoding;
  decoding.pictures = Places(stream);
  start();
  const furl_status opened = OpenDecoder(material, options, &decoding.decoder);
  if (opened == FURL_OK) {
    SendStream(stream, 0, &decoding);  // may well get stuck where there is no memory at all
    if (options.to_the_end) {
      furl_decoder_flush(decoding.decoder);
      ReceivePictures(&decoding);
      furl_decoder_close(decoding.decoder);
    }
  }
  stop();
  if (options.to_the_end || opened != FURL_OK) {
    if (OpenDecoder(material, options, &decoding.decoder) != FURL_OK) {
      return Wrong("the model is of no use afterwards");
    }
  }
  // Whatever of the first pass was held back comes first.
  if (!SendStream(stream, kLater, &decoding)) return Wrong("the decoder is stuck");
  furl_decoder_flush(decoding.decoder);
  if (!ReceivePictures(&decoding)) return Wrong("the decoder doesn't come to an end");
  furl_decoder_close(decoding.decoder);
  const int before = ExactPictures(stream, decoding, 0);
  const int after = ExactPictures(stream, decoding, kLater);
  if (before < 0 || after < 0) return Wrong("a picture is wrong");
  if (after != kFrames) return Wrong("the decoder is of no use afterwards");
  if (opened != FURL_OK) return kError;
  const int errors = decoding.errors + decoding.concealed;
  if (errors == 0 && before != kFrames) return Wrong("pictures are missing without an error");
  return errors == 0 ? kEverything : kError;
}

int ModelTrial(const Material& material, const Step& start, const Step& stop) {
  const Bytes& file = material.model_file;
  furl_model* model = nullptr;
  start();
  const furl_status status = furl_model_from_memory(&model, file.data(), file.size());
  furl_model_free(model);
  stop();
  if ((status == FURL_OK) != (model != nullptr)) return Wrong("a model in spite of an error");
  if (furl_model_from_memory(&model, file.data(), file.size()) != FURL_OK) {
    return Wrong("no model afterwards");
  }
  furl_model_free(model);
  return status == FURL_OK ? kEverything : kError;
}

// Makes the stream that is decoded, with what its pictures must be.
bool MakeStream(Material* material) {
  Answers answers;
  const Step nothing = [] {};
  Stream& stream = material->stream;
  stream.packets = Encode(*material, 1, &answers, nothing, nothing, &stream.header);
  for (const Packet& packet : stream.packets) stream.pictures[packet.pts] = 0;
  Decoding decoding;
  decoding.pictures = stream.pictures;
  if (OpenDecoder(*material, {}, &decoding.decoder) != FURL_OK) return false;
  SendStream(stream, 0, &decoding);
  furl_decoder_flush(decoding.decoder);
  ReceivePictures(&decoding);
  furl_decoder_close(decoding.decoder);
  stream.pictures = decoding.pictures;
  return answers.error() == FURL_OK && stream.pictures.size() == size_t{kFrames} &&
         decoding.errors == 0;
}

// Encoding and decoding on that many threads.
void RunCoding(const Material& material, int threads, Trials* trials) {
  const std::string with = ", " + std::to_string(threads) + (threads == 1 ? " thread" : " threads");
  const auto encode = [&](const Step& start, const Step& stop) {
    return EncodeTrial(material, threads, start, stop);
  };
  trials->Run({"encode" + with, encode, Judge}, {Fault::kMemory, Fault::kThread});
  for (const bool conceal : {false, true}) {
    for (const bool to_the_end : {false, true}) {
      const DecodeOptions options = {threads, conceal, to_the_end};
      const auto decode = [&](const Step& start, const Step& stop) {
        return DecodeTrial(material, options, start, stop);
      };
      const std::string name = std::string("decode") + (to_the_end ? " and close" : "") +
                               (conceal ? ", concealing" : "") + with;
      trials->Run({name, decode, Judge}, {Fault::kMemory, Fault::kThread});
    }
  }
}

int Main(int argc, char** argv) {
  Trials trials(ParseTrialOptions(argc, argv));
  Material material;
  material.model_file = MakeTinyModelFile();
  material.video = MakeVideo(kSize, kSize, 8, kFrames);
  const Bytes& file = material.model_file;
  if (furl_model_from_memory(&material.model, file.data(), file.size()) != FURL_OK ||
      !MakeStream(&material)) {
    std::fprintf(stderr, "nothing to decode: %s\n", furl_last_error());
    return 1;
  }
  const auto load = [&](const Step& start, const Step& stop) {
    return ModelTrial(material, start, stop);
  };
  trials.Run({"model", load, Judge}, {Fault::kMemory});
  for (const int threads : {1, 3}) RunCoding(material, threads, &trials);
  furl_model_free(material.model);
  return trials.Finish();
}

}  // namespace
}  // namespace furl::test

int main(int argc, char** argv) { return furl::test::Main(argc, argv); }
