#include "media/matroska/matroska_codecs.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <span>

#include "media/libav/libav_util.h"

namespace furl::media {
namespace {

struct PlainCodec {
  AVCodecID id;
  const char* name;
};

// Codecs whose extradata, if any, is the private data as it stands.
constexpr PlainCodec kPlain[] = {
    {AV_CODEC_ID_MP3, "A_MPEG/L3"},
    {AV_CODEC_ID_MP2, "A_MPEG/L2"},
    {AV_CODEC_ID_MP1, "A_MPEG/L1"},
    {AV_CODEC_ID_AC3, "A_AC3"},
    {AV_CODEC_ID_EAC3, "A_EAC3"},
    {AV_CODEC_ID_DTS, "A_DTS"},
    {AV_CODEC_ID_TRUEHD, "A_TRUEHD"},
    {AV_CODEC_ID_MLP, "A_MLP"},
    {AV_CODEC_ID_TTA, "A_TTA1"},
    {AV_CODEC_ID_SUBRIP, "S_TEXT/UTF8"},
    {AV_CODEC_ID_TEXT, "S_TEXT/UTF8"},
    {AV_CODEC_ID_ASS, "S_TEXT/ASS"},
    {AV_CODEC_ID_HDMV_PGS_SUBTITLE, "S_HDMV/PGS"},
    {AV_CODEC_ID_HDMV_TEXT_SUBTITLE, "S_HDMV/TEXTST"},
    {AV_CODEC_ID_DVD_SUBTITLE, "S_VOBSUB"},
    {AV_CODEC_ID_DVB_SUBTITLE, "S_DVBSUB"},
};

const char* PcmName(AVCodecID id) {
  switch (id) {
    case AV_CODEC_ID_PCM_U8:
    case AV_CODEC_ID_PCM_S16LE:
    case AV_CODEC_ID_PCM_S24LE:
    case AV_CODEC_ID_PCM_S32LE: return "A_PCM/INT/LIT";
    case AV_CODEC_ID_PCM_S16BE:
    case AV_CODEC_ID_PCM_S24BE:
    case AV_CODEC_ID_PCM_S32BE: return "A_PCM/INT/BIG";
    case AV_CODEC_ID_PCM_F32LE:
    case AV_CODEC_ID_PCM_F64LE: return "A_PCM/FLOAT/IEEE";
    default: return nullptr;
  }
}

std::span<const uint8_t> Extradata(const AVCodecParameters& params) {
  return {params.extradata, static_cast<size_t>(std::max(params.extradata_size, 0))};
}

std::vector<uint8_t> ToVector(std::span<const uint8_t> data) { return {data.begin(), data.end()}; }

// ISO 14496-3 AudioSpecificConfig for plain AAC, whose ADTS headers repeat it
// in every packet.
Result<std::vector<uint8_t>> AacConfig(const AVCodecParameters& params) {
  static constexpr int kRates[] = {96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                   22050, 16000, 12000, 11025, 8000,  7350};
  const auto* rate = std::find(std::begin(kRates), std::end(kRates), params.sample_rate);
  const int channels = params.ch_layout.nb_channels;
  if (rate == std::end(kRates) || channels < 1 || (channels > 6 && channels != 8)) {
    return Unsupported("AAC stream without configuration");
  }
  // HE-AAC announces itself inside the packets; the core is always LC.
  const int profile = params.profile >= 0 && params.profile < 4 ? params.profile : 1;
  const int config = (profile + 1) << 11 | static_cast<int>(rate - kRates) << 7 |
                     (channels == 8 ? 7 : channels) << 3;
  return std::vector<uint8_t>{static_cast<uint8_t>(config >> 8), static_cast<uint8_t>(config)};
}

// Three Xiph headers with the lacing of Matroska, from it or from 16-bit
// lengths.
Result<std::vector<uint8_t>> XiphPrivate(std::span<const uint8_t> extradata) {
  if (!extradata.empty() && extradata[0] == 2) return ToVector(extradata);
  std::span<const uint8_t> headers[3];
  for (auto& header : headers) {
    if (extradata.size() < 2) return Unsupported("Vorbis headers are damaged");
    const size_t size = extradata[0] << 8 | extradata[1];
    if (extradata.size() - 2 < size) return Unsupported("Vorbis headers are damaged");
    header = extradata.subspan(2, size);
    extradata = extradata.subspan(2 + size);
  }
  std::vector<uint8_t> out = {2};
  for (int i = 0; i < 2; ++i) {
    out.insert(out.end(), headers[i].size() / 255, 255);
    out.push_back(static_cast<uint8_t>(headers[i].size() % 255));
  }
  for (const auto& header : headers) out.insert(out.end(), header.begin(), header.end());
  return out;
}

std::vector<uint8_t> FlacPrivate(std::span<const uint8_t> extradata) {
  if (extradata.size() >= 4 && std::memcmp(extradata.data(), "fLaC", 4) == 0) {
    return ToVector(extradata);
  }
  std::vector<uint8_t> out = {'f', 'L', 'a', 'C', 0x80, 0, 0, 34};
  out.insert(out.end(), extradata.begin(), extradata.end());
  return out;
}

// WAVEFORMATEX, for the long tail of codecs that AVI and WAV know.
Result<MatroskaTrackCodec> AcmCodec(const AVCodecParameters& params) {
  const AVCodecTag* tags[] = {avformat_get_riff_audio_tags(), nullptr};
  const unsigned tag = av_codec_get_tag(tags, params.codec_id);
  const auto extradata = Extradata(params);
  if (tag == 0 || tag > 0xFFFF || extradata.size() > 0xFFFF) {
    return Unsupported(CodecName(params) + " can't be kept");
  }
  MatroskaTrackCodec codec;
  codec.id = "A_MS/ACM";
  const auto put = [&codec](uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) codec.private_data.push_back(value >> (8 * i) & 255);
  };
  put(tag, 2);
  put(params.ch_layout.nb_channels, 2);
  put(params.sample_rate, 4);
  put(static_cast<uint32_t>(params.bit_rate / 8), 4);
  put(params.block_align > 0 ? params.block_align : 1, 2);
  put(params.bits_per_coded_sample, 2);
  put(static_cast<uint32_t>(extradata.size()), 2);
  codec.private_data.insert(codec.private_data.end(), extradata.begin(), extradata.end());
  return codec;
}

Result<MatroskaTrackCodec> OpusCodec(const AVCodecParameters& params) {
  MatroskaTrackCodec codec;
  codec.id = "A_OPUS";
  codec.private_data = ToVector(Extradata(params));
  if (codec.private_data.size() < 19) return Unsupported("Opus stream without header");
  codec.delay_ns = int64_t{params.initial_padding} * 1000000000 / 48000;
  codec.seek_preroll_ns = 80000000;  // RFC 7845: what a decoder needs to settle
  return codec;
}

// The name of a codec whose packets and headers are kept as they are, or null.
const char* PlainName(AVCodecID id) {
  for (const PlainCodec& plain : kPlain) {
    if (plain.id == id) return plain.name;
  }
  return nullptr;
}

Result<MatroskaTrackCodec> AacCodec(const AVCodecParameters& params) {
  MatroskaTrackCodec codec;
  codec.id = "A_AAC";
  codec.private_data = ToVector(Extradata(params));
  if (codec.private_data.empty()) {
    FURL_ASSIGN_OR_RETURN(codec.private_data, AacConfig(params));
    codec.change = PacketChange::kStripAdts;
  }
  return codec;
}

}  // namespace

Result<MatroskaTrackCodec> MatroskaCodecOf(const StreamInfo& stream,
                                           const ConversionBudgetPtr& budget,
                                           const NoticeFn& notice) {
  const AVCodecParameters& params = *stream.params;
  MatroskaTrackCodec codec;
  codec.private_data = ToVector(Extradata(params));
  if (const char* name = PlainName(params.codec_id)) {
    codec.id = name;
    return codec;
  }
  if (const char* pcm = PcmName(params.codec_id)) {
    codec.id = pcm;
    codec.private_data.clear();
    return codec;
  }
  switch (params.codec_id) {
    case AV_CODEC_ID_AAC: return AacCodec(params);
    case AV_CODEC_ID_OPUS: return OpusCodec(params);
    case AV_CODEC_ID_VORBIS: {
      codec.id = "A_VORBIS";
      FURL_ASSIGN_OR_RETURN(codec.private_data, XiphPrivate(Extradata(params)));
      return codec;
    }
    case AV_CODEC_ID_FLAC:
      codec.id = "A_FLAC";
      codec.private_data = FlacPrivate(Extradata(params));
      return codec;
    case AV_CODEC_ID_ALAC:
      codec.id = "A_ALAC";  // without the mp4 box header libav keeps
      if (codec.private_data.size() < 36) return Unsupported("ALAC stream without header");
      codec.private_data.erase(codec.private_data.begin(), codec.private_data.begin() + 12);
      return codec;
    case AV_CODEC_ID_WEBVTT:
      // As WebM has it, which is what libavformat writes and reads.
      codec.id = (stream.disposition & AV_DISPOSITION_METADATA) != 0 ? "D_WEBVTT/METADATA"
                                                                     : "D_WEBVTT/SUBTITLES";
      codec.change = PacketChange::kWebVttCue;
      return codec;
    default: break;
  }
  if (stream.kind == StreamKind::kAudio) return AcmCodec(params);
  codec.id = "S_TEXT/UTF8";
  codec.private_data.clear();
  codec.change = PacketChange::kConvertText;
  FURL_ASSIGN_OR_RETURN(codec.converter,
                        SubtitleConverter::Create(params, AV_CODEC_ID_SUBRIP, budget, notice));
  return codec;
}

Result<const char*> MatroskaBaseCodec(const BaseInfo& base) {
  switch (base.params->codec_id) {
    case AV_CODEC_ID_H264: return "V_MPEG4/ISO/AVC";
    case AV_CODEC_ID_HEVC: return "V_MPEGH/ISO/HEVC";
    case AV_CODEC_ID_AV1: return "V_AV1";
    default: return Unsupported("a base of " + base.codec + "; it can be H.264, H.265 or AV1");
  }
}

std::vector<uint8_t> BlockData(const MatroskaTrackCodec& codec, const MediaPacket& packet) {
  const std::span<const uint8_t> data = packet.data;
  switch (codec.change) {
    case PacketChange::kNone: break;
    case PacketChange::kConvertText: return codec.converter->Convert(packet.data);
    case PacketChange::kStripAdts:
      // Sync word 0xFFF; protection_absent == 0 adds a 16-bit check.
      if (data.size() >= 9 && data[0] == 0xFF && (data[1] & 0xF0) == 0xF0) {
        return ToVector(data.subspan((data[1] & 1) != 0 ? 7 : 9));
      }
      break;
    case PacketChange::kWebVttCue: {
      if (data.empty()) break;
      const std::string head = packet.cue_id + "\n" + packet.cue_settings + "\n";
      std::vector<uint8_t> cue(head.begin(), head.end());
      cue.insert(cue.end(), data.begin(), data.end());
      return cue;
    }
  }
  return ToVector(data);
}

}  // namespace furl::media
