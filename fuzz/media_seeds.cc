// Files with everything that furl writes into them, and subtitles of every form.

#include <memory>
#include <string>

#include "base/file.h"
#include "bitstream/sequence_header.h"
#include "bitstream/user_data.h"
#include "fuzz/seeds.h"
#include "media/coded_io.h"
#include "media/libav/libav_util.h"
#include "media/sei/user_data_sei.h"

namespace furl {
namespace {

namespace fs = std::filesystem;

constexpr int kPictures = 6;

media::MediaInfo Describe(bool rich) {
  media::MediaInfo info;
  info.video.width = 64;
  info.video.height = 48;
  info.video.time_base = {1, 25};
  if (!rich) return info;
  info.tags = {{"title", "Sails"}, {"comment", "at dawn"}};
  info.video.tags = {{"language", "eng"}};
  info.video.rotation = 90;
  info.video.mastering = media::MasteringDisplay{.has_luminance = true, .max_luminance = 400};
  info.video.light = media::ContentLight{100, 50};
  info.chapters = {{0, 80000000, {{"title", "one"}}}, {80000000, 160000000, {{"title", "two"}}}};
  info.attachments = {
      {"a.txt", "text/plain", "note", std::make_shared<const Bytes>(Bytes{'a', 'h', 'o', 'y'})}};
  AVCodecParameters* params = avcodec_parameters_alloc();
  params->codec_type = AVMEDIA_TYPE_SUBTITLE;
  params->codec_id = AV_CODEC_ID_SUBRIP;
  media::StreamInfo subtitles;
  subtitles.kind = media::StreamKind::kSubtitle;
  subtitles.codec = "subrip";
  subtitles.params = {params, [](AVCodecParameters* p) { avcodec_parameters_free(&p); }};
  subtitles.time_base = {1, 1000};
  info.streams = {subtitles};
  return info;
}

// Pictures of no sense: what is inside of packets is other targets' business.
Status WriteFile(const std::string& path, const media::MediaInfo& info) {
  SequenceHeader header;
  header.format() = info.video.format();
  FURL_ASSIGN_OR_RETURN(const Bytes header_bytes, WriteSequenceHeader(header));
  media::WriterOptions options;
  options.overwrite = true;
  FURL_ASSIGN_OR_RETURN(const auto writer,
                        media::OpenCodedWriter(path, info, header_bytes, options));
  for (int i = 0; i < kPictures; ++i) {
    media::MediaPacket packet;
    packet.data.assign(static_cast<size_t>(8 + i), static_cast<uint8_t>(i));
    packet.pts = i;
    packet.duration = 1;
    packet.key = i % 3 == 0;
    FURL_RETURN_IF_ERROR(writer->WritePacket(packet));
    if (info.streams.empty()) continue;
    packet.stream = 0;
    packet.data = {'A', 'h', 'o', 'y'};
    packet.pts = 40 * i;
    packet.duration = 40;
    FURL_RETURN_IF_ERROR(writer->WritePacket(packet));
  }
  return writer->Finish();
}

Status WriteFileSeeds(const fs::path& root) {
  int n = 0;
  for (const char* name : {"a.mkv", "a.furl"}) {
    for (const bool rich : {false, true}) {
      const std::string path = root / name;
      FURL_RETURN_IF_ERROR(WriteFile(path, Describe(rich)));
      FURL_ASSIGN_OR_RETURN(Bytes seed, ReadFile(path, 1 << 20));
      fs::remove(path);
      seed.insert(seed.begin(), 0);
      WriteSeed(root / "demux", n++, seed);
      seed[0] = 4;  // pieces of 33 bytes
      if (std::string_view(name).ends_with("mkv")) WriteSeed(root / "matroska", n, seed);
    }
  }
  return OkStatus();
}

void WriteSubtitleSeeds(const fs::path& root) {
  constexpr std::string_view kAss = "[Script Info]\nScriptType: v4.00+\n";
  const std::string mov_text("\0\4Ahoy\0\0\0\x16styl\0\1\0\0\0\2\0\1\1\x12\xFF\0\xFF\xFF", 28);
  const std::pair<uint8_t, std::string> packets[] = {
      {0x00, "a <b>b</b><i>c</i> <font color=\"#ff0000\" size=9>d</font>"},
      {0x10, "0,0,Default,,0,0,0,,{\\i1}Ahoy{\\i0\\bord2\\pos(1,2)}, you\\Nthere"},
      {0x20, mov_text},
      {0x30, "<v Ann><i>R&amp;D</i></v> <c.x>&lt;3</c>"},
      {0x40, "plain\ntext"},
      {0x50, "{y:i}{c:$0000ff}Ahoy|you"},
      {0x60, "Ahoy[br]you"},
      {0x70, "<time begin=\"1\"/>Ahoy <b>you</b>"},
  };
  int n = 0;
  for (const auto& [source, text] : packets) {
    for (uint8_t target = 0; target < 3; ++target) {
      Bytes seed = {static_cast<uint8_t>(source + target)};
      const std::string_view headers = source == 0x10 ? kAss : std::string_view();
      seed.push_back(static_cast<uint8_t>(headers.size()));
      seed.insert(seed.end(), headers.begin(), headers.end());
      for (int i = 0; i < 2; ++i) {
        seed.push_back(0);
        seed.push_back(static_cast<uint8_t>(text.size()));
        seed.insert(seed.end(), text.begin(), text.end());
      }
      WriteSeed(root / "subtitles", n++, seed);
    }
  }
}

// A packet of each form that carries two messages.
void WriteUserDataSeeds(const fs::path& root) {
  const Bytes header = {'f', 'u', 'r', 'l', 1, 0};
  const std::vector<Bytes> messages = {
      WriteUserData(UserDataHeader{header}),
      WriteUserData(UserDataPacket{Bytes{0, 0, 1, 7}, -3, 1, true})};
  for (const uint8_t kind : {0, 1, 2, 4, 6, 7}) {
    const int length = kind >> 1;
    const media::NalForm form = {(kind & 1) != 0, length == 3 ? 4 : length};
    Bytes packet;
    const Bytes sets = form.hevc ? Bytes{0x40, 1, 2} : Bytes{0x67, 1, 2};
    const Bytes picture = form.hevc ? Bytes{0x26, 1, 7} : Bytes{0x65, 7, 7};
    media::AppendNal(form, sets, &packet);
    media::AppendNal(form, picture, &packet);
    const auto with = media::InsertUserData(form, packet, messages);
    Bytes seed = with.ok() ? *with : packet;
    seed.insert(seed.begin(), kind);
    WriteSeed(root / "user_data", kind, seed);
  }
}

}  // namespace

Status WriteMediaSeeds(const fs::path& root) {
  WriteSubtitleSeeds(root);
  WriteUserDataSeeds(root);
  return WriteFileSeeds(root);
}

}  // namespace furl
