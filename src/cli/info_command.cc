// furl info: what a furl file holds, without decoding it.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/sha256.h"
#include "bitstream/packet.h"
#include "cli/bits_table.h"
#include "cli/commands.h"
#include "cli/info_container.h"
#include "cli/info_recipe.h"
#include "cli/interrupt.h"
#include "cli/options/keys.h"
#include "cli/options/option_use.h"
#include "cli/sandbox_use.h"
#include "codec/dec/gop_ledger.h"
#include "codec/families/decoders.h"
#include "inspect/inspect_json.h"
#include "inspect/inspection.h"
#include "inspect/totals.h"
#include "media/coded_io.h"
#include "media/describe.h"
#include "session/model_store.h"
#include "session/settings_tag.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Shows what a furl file holds: container, stream header, model, GOPs, frame
types and bit rates. But for --bits nothing is decoded, no model is needed. Exit code
3 if damage was seen on the way, 4 if there is none but packets need a newer furl.)";

constexpr char kFooter[] = R"(Examples:
  furl info holiday.mkv
  furl info holiday.mkv --gops --frames
  furl info holiday.mkv --bits
  furl info holiday.mkv --command
  furl info holiday.mkv --json | jq .)";

struct InfoOptions {
  std::string input;
  bool gops = false;
  bool frames = false;
  bool command = false;
  bool bits = false;
  KeyOptions keys;
  bool sandbox = true;
  std::string model;
};

struct TypeCount {
  int64_t frames = 0;
  int64_t bytes = 0;
  int64_t qp_sum = 0;
};

struct Gop {
  int64_t pts = 0;
  int64_t frames = 0;
  int64_t bytes = 0;
  int qp = 0;  // of its first frame
};

constexpr char kTypeNames[] = "IPB";

std::string RateText(Rational rate) {
  if (rate.den == 1) return std::to_string(rate.num);
  return fmt::format("{:.3f} ({}/{})", rate.value(), rate.num, rate.den);
}

class InfoRun {
 public:
  InfoRun(const InfoOptions& options, Console& console) : options_(options), console_(console) {}

  Status Run(Details* details) {
    media::CodedReaderOptions reader;
    reader.notice = console_.notice();
    reader.cancelled = Interrupted;
    FURL_ASSIGN_OR_RETURN(reader_, media::OpenCoded(options_.input, reader));
    time_base_ = reader_->info().video.time_base;
    ledger_.emplace(reader_->header());
    stream_bytes_.resize(reader_->info().streams.size());
    ShowContainer(options_.input, reader_->info(), console_);
    ShowVideo();
    ShowModel();
    FURL_RETURN_IF_ERROR(Scan());
    if (reader_->info().base)
      ShowBase(reader_->header(), *reader_->info().base, base_bytes_, console_);
    ShowStreams(reader_->info(), stream_bytes_, console_);
    ShowTotals(details);
    if (damage_ > 0) {
      return InvalidStream(fmt::format("{}: {} damaged places (`furl verify` says what is hurt)",
                                       options_.input, damage_));
    }
    if (unsupported_ == 0) return OkStatus();
    return Unsupported(
        fmt::format("{}: {} frames need a newer version of furl", options_.input, unsupported_));
  }

 private:
  void ShowVideo() {
    const SequenceHeader& h = reader_->header();
    const media::VideoInfo& video = reader_->info().video;
    const FamilyDecoderRow* known = FindFamily(h.family);
    const char* family = known != nullptr ? known->name : nullptr;
    console_.Print(fmt::format(
        "video      furl ({}), {}x{}, {} bit 4:2:0, {} fps, time base {}/{}\n"
        "           pixel aspect {}:{}, primaries {}, transfer {}, matrix {}, {} range\n"
        "           {}, rotation {}\n"
        "           {}, at most {} frames per GOP, decoder {:.1f} kMAC per pixel\n",
        family != nullptr ? family : "unknown family", h.width, h.height, h.bit_depth,
        RateText(h.frame_rate), h.time_base.num, h.time_base.den, h.sample_aspect.num,
        h.sample_aspect.den, media::PrimariesName(h.color.primaries),
        media::TransferName(h.color.transfer), media::MatrixName(h.color.matrix),
        h.color.full_range ? "full" : "limited", media::FieldOrderText(video.field_order),
        video.rotation, h.low_delay ? "low delay" : "reordered frames", h.gop_length,
        h.macs_per_pixel * 1e-3));
    const std::string hdr = media::HdrText(video);
    if (!hdr.empty()) console_.Print(fmt::format("           HDR {}\n", hdr));
    const std::string settings = session::GetSettingsTag(video);
    if (!settings.empty()) console_.Print(fmt::format("made by    {}\n", settings));
    console_.Json(
        {{"type", "video"},
         {"family", family != nullptr ? family : "unknown"},
         {"width", h.width},
         {"height", h.height},
         {"bit_depth", h.bit_depth},
         {"frame_rate", fmt::format("{}/{}", h.frame_rate.num, h.frame_rate.den)},
         {"time_base", fmt::format("{}/{}", h.time_base.num, h.time_base.den)},
         {"sample_aspect", fmt::format("{}:{}", h.sample_aspect.num, h.sample_aspect.den)},
         {"primaries", h.color.primaries},
         {"transfer", h.color.transfer},
         {"matrix", h.color.matrix},
         {"primaries_name", media::PrimariesName(h.color.primaries)},
         {"transfer_name", media::TransferName(h.color.transfer)},
         {"matrix_name", media::MatrixName(h.color.matrix)},
         {"field_order", media::FieldOrderText(video.field_order)},
         {"hdr", hdr},
         {"settings", settings},
         {"full_range", h.color.full_range},
         {"rotation", video.rotation},
         {"low_delay", h.low_delay},
         {"gop_length", h.gop_length},
         {"macs_per_pixel", h.macs_per_pixel}});
  }

  void ShowModel() {
    const std::string id = ToHex(reader_->header().model_id);
    const auto entry = session::ModelStore(options_.model).EntryOf(id);
    const std::string path = entry ? entry->path : "";
    console_.Print(fmt::format("model      {} ({})\n", id, path.empty() ? "not here" : path));
    nlohmann::ordered_json object = {{"type", "model"}, {"id", id}, {"found", !path.empty()}};
    if (!path.empty()) object["path"] = path;
    console_.Json(object);
  }

  Status Scan() {
    for (;;) {
      auto packet = reader_->Next();
      if (!packet.ok() && packet.status().code() == StatusCode::kEndOfStream) break;
      if (!packet.ok() && packet.status().code() == StatusCode::kInvalidStream) {
        ++damage_;
        const std::string& message = packet.status().message();
        if (console_.Problem(message)) console_.Json({{"type", "damage"}, {"message", message}});
        continue;
      }
      if (!packet.ok()) return packet.status();
      if (packet->stream == media::kBaseStream) {
        base_bytes_ += static_cast<int64_t>(packet->data.size());
        continue;
      }
      if (packet->stream != media::kVideoStream) {
        stream_bytes_[packet->stream] += static_cast<int64_t>(packet->data.size());
        continue;
      }
      TakeVideo(*packet);
    }
    TakeMissing(ledger_->End());
    return OkStatus();
  }

  void TakeMissing(const GopLedger::Missing& missing) {
    if (missing.total() == 0) return;
    missing_ += missing.total();
    ++damage_;
    console_.Problem(
        fmt::format("before frame {}: {} frames are missing", frames_, missing.total()));
  }

  void TakeVideo(const media::MediaPacket& packet) {
    const auto bytes = static_cast<int64_t>(packet.data.size());
    const auto header = PeekFrameHeader(packet.data);
    if (packet.key || gops_.empty()) {
      gops_.push_back({packet.pts, 0, 0, header.ok() ? header->qp : 0});
    }
    ++gops_.back().frames;
    gops_.back().bytes += bytes;
    first_pts_ = std::min(first_pts_, packet.pts);
    last_pts_ = std::max(last_pts_, packet.pts);
    const bool sound = PacketChecksumMatches(packet.data);
    const FrameTag tag = {packet.pts, packet.duration};
    if (sound && header.ok() && ledger_->Check(*header).ok()) {
      TakeMissing(ledger_->Add(*header, tag));
    } else {
      ledger_->AddLost(tag);
    }
    if (!sound) {
      ++damage_;
      console_.Problem(fmt::format("frame {}: damaged packet", frames_));
    } else if (!header.ok()) {
      TakeUnreadable(header.status());
    }
    if (header.ok()) {
      TypeCount& count = types_[static_cast<int>(header->type)];
      ++count.frames;
      count.bytes += bytes;
      count.qp_sum += header->qp;
    }
    if (options_.frames && header.ok()) ShowFrame(packet, *header);
    ++frames_;
  }

  // A header that can't be read in bytes that are as they were written.
  void TakeUnreadable(const Status& status) {
    const bool unsupported = status.code() == StatusCode::kUnsupported;
    ++(unsupported ? unsupported_ : damage_);
    console_.Problem(
        fmt::format("frame {}: {}", frames_, unsupported ? status.message() : "damaged packet"));
  }

  void ShowFrame(const media::MediaPacket& packet, const FrameHeader& header) {
    const char type = kTypeNames[static_cast<int>(header.type)];
    const double time = static_cast<double>(packet.pts) * time_base_.value();
    console_.Print(
        fmt::format("frame      {:6} {} pts {:>8} {:>10.4f} s  qp {:2}  {:>8} bytes{}{}\n", frames_,
                    type, packet.pts, time, header.qp, packet.data.size(),
                    header.has_hash ? "  hash" : "", header.last_of_gop ? "  last" : ""));
    console_.Json({{"type", "frame"},
                   {"frame", frames_},
                   {"frame_type", std::string(1, type)},
                   {"pts", packet.pts},
                   {"time", time},
                   {"qp", header.qp},
                   {"display_order", header.display_order},
                   {"bytes", packet.data.size()},
                   {"has_hash", header.has_hash},
                   {"last_of_gop", header.last_of_gop}});
  }

  double Seconds() const {
    if (frames_ == 0) return 0;
    const media::CodedReader& reader = *reader_;
    const auto first = static_cast<double>(first_pts_);  // times may be too far apart for 64 bits
    if (reader.end_pts() != media::kNoTimestamp) {
      return (static_cast<double>(reader.end_pts()) - first) * time_base_.value();
    }
    return (static_cast<double>(last_pts_) - first) * time_base_.value() +
           1 / reader.header().frame_rate.value();
  }

  void ShowGops() {
    for (size_t i = 0; i < gops_.size(); ++i) {
      const Gop& gop = gops_[i];
      const double time = static_cast<double>(gop.pts) * time_base_.value();
      if (options_.gops) {
        console_.Print(
            fmt::format("GOP        {:5} at {:>10.3f} s  {:5} frames  {:>9} bytes  qp {}\n", i,
                        time, gop.frames, gop.bytes, gop.qp));
      }
      console_.Json({{"type", "gop"},
                     {"gop", i},
                     {"time", time},
                     {"frames", gop.frames},
                     {"bytes", gop.bytes},
                     {"qp", gop.qp}});
    }
  }

  void ShowTotals(Details* details) {
    ShowGops();
    int64_t bytes = 0;
    nlohmann::ordered_json types = nlohmann::ordered_json::object();
    for (size_t t = 0; t < types_.size(); ++t) {
      const TypeCount& count = types_[t];
      bytes += count.bytes;
      if (count.frames == 0) continue;
      const double n = static_cast<double>(count.frames);
      const std::string name(1, kTypeNames[t]);
      types[name] = {{"frames", count.frames},
                     {"bytes", count.bytes},
                     {"mean_qp", static_cast<double>(count.qp_sum) / n}};
      console_.Print(fmt::format("{} frames   {:6}, {:>9.1f} bytes each, mean qp {:.1f}\n", name,
                                 count.frames, static_cast<double>(count.bytes) / n,
                                 static_cast<double>(count.qp_sum) / n));
    }
    const double seconds = Seconds();
    const double kbps = seconds > 0 ? static_cast<double>(bytes) * 8e-3 / seconds : 0;
    const SequenceHeader& h = reader_->header();
    const double bpp = frames_ > 0 ? static_cast<double>(bytes) * 8 /
                                         (static_cast<double>(frames_) * h.width * h.height)
                                   : 0;
    console_.Print(fmt::format(
        "total      {} frames in {} GOPs, {:.3f} s, {}, {:.1f} kbit/s, "
        "{:.4f} bit/pixel\n",
        frames_, gops_.size(), seconds, HumanBytes(static_cast<double>(bytes)), kbps, bpp));
    (*details)["frames"] = frames_;
    (*details)["gops"] = gops_.size();
    (*details)["seconds"] = seconds;
    (*details)["video_bytes"] = bytes;
    (*details)["video_kbps"] = kbps;
    (*details)["bits_per_pixel"] = bpp;
    (*details)["frame_types"] = types;
    (*details)["damaged"] = damage_;
    (*details)["missing_frames"] = missing_;
    (*details)["unsupported"] = unsupported_;
  }

  const InfoOptions& options_;
  Console& console_;
  std::unique_ptr<media::CodedReader> reader_;
  Rational time_base_;
  std::vector<int64_t> stream_bytes_;
  int64_t base_bytes_ = 0;
  std::array<TypeCount, 3> types_;
  std::vector<Gop> gops_;
  int64_t frames_ = 0;
  std::optional<GopLedger> ledger_;
  int64_t damage_ = 0;
  int64_t missing_ = 0;      // frames
  int64_t unsupported_ = 0;  // frames
  int64_t first_pts_ = INT64_MAX;
  int64_t last_pts_ = INT64_MIN;
};

Status ShowBits(const InfoOptions& options, Console& console, Details* details) {
  inspect::InspectOptions inspect;
  inspect.model = options.model;
  inspect.hooks = HooksOf(console);
  FURL_ASSIGN_OR_RETURN(const auto inspection, inspect::InspectFile(options.input, inspect));
  if (inspection->analysed == 0) return OkStatus();  // what is wrong has been said
  const inspect::Totals totals = inspect::TotalsOf(*inspection);
  console.Print("\n");
  PrintBits(totals, console);
  (*details)["bits"] = inspect::TotalsJson(totals);
  return OkStatus();
}

}  // namespace

RunFn AddInfo(CLI::App* app) {
  auto options = std::make_shared<InfoOptions>();
  InfoOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", o->input, "Furl file, or - for standard input")->required();
  app->add_flag("--gops", o->gops, "A line for every GOP (always with --json)");
  app->add_flag("--frames", o->frames, "A line for every frame");
  app->add_flag("--bits", o->bits,
                "What motion, side information and latents take, by type and level of the frames: "
                "decodes everything (furl inspect says more)");
  app->add_flag("--command", o->command,
                "Only the command that makes the same file again, to be used with an INPUT and "
                "OUTPUT");
  app->add_option("--model", o->model, "Model file, or folder with models");
  AddKeys(app, &o->keys);
  AddNoSandbox(app, &o->sandbox);
  return [app, options](Console& console, Details* details) {
    if (options->command) {
      FURL_RETURN_IF_ERROR(
          RefuseOptions(*app, {"--gops", "--frames", "--bits"}, "goes not with --command"));
    }
    if (options->bits && options->input == "-") {
      return InvalidArgument("--bits reads the file twice, which standard input can't be");
    }
    SandboxNeeds needs;
    needs.wanted = options->sandbox;
    needs.inputs = {options->input};
    needs.model = options->model;
    FURL_RETURN_IF_ERROR(TakeInputKey(options->keys, needs.inputs, console));
    const auto broker = EnterSandbox(needs, console);
    if (options->command) return ShowEncodeCommand(options->input, options->model, console);
    const Status status = InfoRun(*options, console).Run(details);
    if (!options->bits || !status.ok()) return status;
    return ShowBits(*options, console, details);
  };
}

}  // namespace furl::cli
