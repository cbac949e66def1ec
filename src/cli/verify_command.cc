// furl verify: decodes everything, checks every checksum, says what is hurt.

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <utility>

#include "base/checked_math.h"
#include "bitstream/packet.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options/keys.h"
#include "cli/options/max_memory.h"
#include "cli/options/option_use.h"
#include "cli/sandbox_use.h"
#include "codec/dec/decode_packet.h"
#include "codec/dec/gop_ledger.h"
#include "codec/families/decoders.h"
#include "media/coded_io.h"
#include "session/model_store.h"
#include "session/paired_packets.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] = R"(Decodes a furl file completely and checks all there is to check: packet
checksums, hashes of decoded frames, missing frames, and in Matroska the
container's structure, checksums and index. Every group of pictures
(GOP) is decoded alone, so damage in one says nothing about the others.)";

constexpr char kFooter[] = R"(Examples:
  furl verify holiday.mkv
  furl verify - < holiday.mkv
  furl verify holiday.mkv --json | jq 'select(.type == "gop" and .ok == false)'

Exit code 0 if all is well, 6 if something is hurt.)";

struct VerifyOptions {
  std::string input;
  int threads = 0;
  int64_t max_memory = DecoderSettings().max_memory;
  KeyOptions keys;
  bool sandbox = true;
  std::string model;
};

struct GopReport {
  int64_t number = 0;
  int64_t first_pts = 0;
  int64_t end_pts = 0;  // of what was read
  int64_t packets = 0;
  int64_t frames = 0;        // that came out right
  std::set<int64_t> orders;  // display orders of its sound packets
  std::string cause;         // empty: not hurt
};

class VerifyRun {
 public:
  VerifyRun(const VerifyOptions& options, Console& console)
      : options_(options), console_(console) {}

  Status Run(Details* details) {
    media::CodedReaderOptions reader;
    reader.other_streams = false;
    reader.notice = console_.notice();
    reader.cancelled = Interrupted;
    FURL_ASSIGN_OR_RETURN(reader_, media::OpenCoded(options_.input, reader));
    FURL_ASSIGN_OR_RETURN(const model::ModelPtr model,
                          session::ModelStore(options_.model).Find(reader_->header().model_id));
    FURL_ASSIGN_OR_RETURN(family_, CreateFamily(model));  // for the decoders of all GOPs
    ledger_.emplace(reader_->header());
    FURL_ASSIGN_OR_RETURN(auto packets,
                          session::PairedPackets::Create(reader_.get(), options_.threads));
    FURL_RETURN_IF_ERROR(Loop(&packets));
    if (hurt_gops_ > Console::kMostMessages) {
      console_.Print(fmt::format("{} more GOPs are hurt\n", hurt_gops_ - Console::kMostMessages));
    }
    (*details)["gops"] = gops_;
    (*details)["hurt_gops"] = hurt_gops_;
    (*details)["packets"] = packets_;
    (*details)["frames"] = frames_;
    (*details)["hashes_checked"] = hashes_checked_;
    (*details)["missing_frames"] = missing_frames_;
    (*details)["container_damage"] = container_damage_;
    if (gops_ == 0) return Status(StatusCode::kVerifyFailed, "there is no video in it");
    if (hurt_gops_ > 0 || container_damage_ > 0) {
      return Status(StatusCode::kVerifyFailed,
                    fmt::format("{}: {} of {} GOPs hurt, {} damaged places between packets",
                                options_.input, hurt_gops_, gops_, container_damage_));
    }
    console_.Print(fmt::format(
        "{}: {} GOPs, {} frames{}, all good ({} frame hashes checked)\n", options_.input, gops_,
        frames_, packets.has_base() ? " beside those of the base" : "", hashes_checked_));
    return OkStatus();
  }

 private:
  Status Loop(session::PairedPackets* packets) {
    FURL_RETURN_IF_ERROR(packets->ForEach(
        HooksOf(console_),
        [this](const media::MediaPacket& packet, const ConstFramePtr& base) {
          return TakeVideo(packet, base);
        },
        [this](const std::string& message) { TakeDamage(message); }));
    TakeMissing(ledger_->End());
    return EndGop(INT64_MAX);
  }

  Status TakeVideo(const media::MediaPacket& packet, const ConstFramePtr& base) {
    const Result<PacketView> parsed = ParsePacket(packet.data);
    const bool first = packet.key || decoder_ == nullptr || IsOfAnotherGop(parsed);
    if (first) {
      const bool sound_key = parsed.ok() && parsed->header.key();
      TakeMissing(sound_key ? ledger_->Add(parsed->header, TagOf(packet)) : ledger_->End());
      FURL_RETURN_IF_ERROR(EndGop(packet.key ? packet.pts : gop_.end_pts));
      FURL_RETURN_IF_ERROR(StartGop(packet));
    }
    return Check(packet, parsed, base, first);
  }

  static FrameTag TagOf(const media::MediaPacket& packet) { return {packet.pts, packet.duration}; }

  // What is missing of the current GOP and between it and the next.
  void TakeMissing(const GopLedger::Missing& missing) {
    missing_frames_ += missing.total();
    if (missing.of_gop > 0) Blame(fmt::format("{} frames are missing", missing.of_gop));
    if (missing.behind == 0) return;
    Blame(fmt::format("GOPs of about {} frames are missing behind it", missing.behind));
  }

  // Damage that the container tells: of the GOP that it names by its time, else
  // of the current one.
  void TakeDamage(const std::string& message) {
    ++container_damage_;
    const int64_t pts = reader_->damage_pts();
    const std::string cause = "between packets: " + message;
    const bool shown = console_.Problem(cause);
    nlohmann::ordered_json object = {{"type", "damage"}, {"message", message}};
    if (pts == media::kNoTimestamp) {
      Blame(cause);
    } else if (pts != media::CodedReader::kUnknownPlace) {
      object["time"] = static_cast<double>(pts) * reader_->info().video.time_base.value();
      damage_.emplace_back(pts, cause);
    }
    if (shown) console_.Json(object);
  }

  // What damage with a time means for the GOP that lasts until `end_pts`.
  void BlameDamage(int64_t end_pts) {
    while (!damage_.empty() && damage_.front().first < end_pts) {
      if (damage_.front().first >= gop_.first_pts) Blame(damage_.front().second);
      damage_.pop_front();
    }
  }

  // A place that is taken means that the key frame between was lost.
  bool IsOfAnotherGop(const Result<PacketView>& packet) const {
    return packet.ok() && gop_.orders.contains(packet->header.display_order);
  }

  Status StartGop(const media::MediaPacket& packet) {
    DecoderSettings settings;
    settings.threads = options_.threads;
    settings.max_memory = options_.max_memory;
    FURL_ASSIGN_OR_RETURN(decoder_, Decoder::Create(reader_->sequence_header(), family_, settings));
    gop_ = {};
    gop_.number = gops_++;
    gop_.first_pts = packet.pts;
    // Without its key frame it began before, where the damage is.
    if (!packet.key && !damage_.empty()) {
      gop_.first_pts = std::min(gop_.first_pts, damage_.front().first);
    }
    return OkStatus();
  }

  void Blame(const std::string& cause) {
    if (decoder_ != nullptr && gop_.cause.empty()) gop_.cause = cause;
  }

  // `first`: of its GOP, of which the ledger has heard already if it could be read.
  Status Check(const media::MediaPacket& packet, const Result<PacketView>& parsed,
               const ConstFramePtr& base, bool first) {
    ++gop_.packets;
    ++packets_;
    gop_.end_pts =
        std::max(gop_.end_pts, CheckedAdd(packet.pts, packet.duration).value_or(packet.pts));
    if (parsed.ok()) gop_.orders.insert(parsed->header.display_order);
    const Status status =
        DecodeParsed(decoder_.get(), parsed, TagOf(packet), base, PictureCounter());
    if (!status.ok()) {
      ledger_->AddLost(TagOf(packet));
    } else if (!first) {
      ledger_->Add(parsed->header, TagOf(packet));
    }
    if (status.ok() || EndsVerification(status)) return status;
    Blame(fmt::format("packet {}: {}", gop_.packets - 1, status.message()));
    return OkStatus();
  }

  // All other errors are what is looked for.
  static bool EndsVerification(const Status& status) {
    return status.code() == StatusCode::kOutOfMemory || status.code() == StatusCode::kCancelled;
  }

  PictureSink PictureCounter() {
    return [this](const Result<ConstFramePtr>& picture) {
      if (picture.ok()) {
        ++gop_.frames;
      } else if (EndsVerification(picture.status())) {
        return picture.status();
      } else {
        Blame(picture.status().message());
      }
      return OkStatus();
    };
  }

  // `end_pts`: where the next one begins.
  Status EndGop(int64_t end_pts) {
    if (decoder_ == nullptr) return OkStatus();
    FURL_RETURN_IF_ERROR(FlushDecoder(decoder_.get(), PictureCounter()));
    const DecoderStatistics statistics = decoder_->statistics();
    hashes_checked_ += statistics.hashes_checked;
    if (statistics.hashes_failed > 0) Blame("the hash of a decoded frame is wrong or missing");
    if (statistics.damaged_frames > 0) Blame("damaged frames");
    BlameDamage(end_pts);
    frames_ += gop_.frames;
    decoder_.reset();
    Report();
    Progress progress;
    progress.frames = packets_;
    progress.total = reader_->info().video.frame_count;
    console_.Show(progress);
    return OkStatus();
  }

  void Report() {
    const double time =
        static_cast<double>(gop_.first_pts) * reader_->info().video.time_base.value();
    nlohmann::ordered_json object = {{"type", "gop"},         {"gop", gop_.number},
                                     {"time", time},          {"packets", gop_.packets},
                                     {"frames", gop_.frames}, {"ok", gop_.cause.empty()}};
    if (!gop_.cause.empty()) {
      object["cause"] = gop_.cause;
      if (++hurt_gops_ <= Console::kMostMessages) {
        console_.Print(fmt::format("GOP {} at {:.3f} s is hurt: {} ({} of {} frames came out)\n",
                                   gop_.number, time, gop_.cause, gop_.frames, gop_.packets));
      }
    }
    console_.Json(object);
  }

  const VerifyOptions& options_;
  Console& console_;
  std::unique_ptr<media::CodedReader> reader_;
  FamilyPtr family_;
  std::optional<GopLedger> ledger_;
  std::unique_ptr<Decoder> decoder_;  // of the current GOP
  GopReport gop_;
  int64_t gops_ = 0;
  int64_t hurt_gops_ = 0;
  int64_t packets_ = 0;
  int64_t frames_ = 0;
  int64_t hashes_checked_ = 0;
  int64_t missing_frames_ = 0;
  int64_t container_damage_ = 0;
  std::deque<std::pair<int64_t, std::string>> damage_;  // pts and cause, to be blamed
};

}  // namespace

RunFn AddVerify(CLI::App* app) {
  auto options = std::make_shared<VerifyOptions>();
  VerifyOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", o->input, "Furl file, or - for standard input")->required();
  app->add_option("--threads", o->threads, "0: one per CPU")->check(WholeNumber(0, 1024));
  AddMaxMemory(app, &o->max_memory);
  app->add_option("--model", o->model, "Model file, or folder with models");
  AddKeys(app, &o->keys);
  AddNoSandbox(app, &o->sandbox);
  return [options](Console& console, Details* details) {
    SandboxNeeds needs;
    needs.wanted = options->sandbox;
    needs.inputs = {options->input};
    needs.model = options->model;
    FURL_RETURN_IF_ERROR(TakeInputKey(options->keys, needs.inputs, console));
    const auto broker = EnterSandbox(needs, console);
    return VerifyRun(*options, console).Run(details);
  };
}

}  // namespace furl::cli
