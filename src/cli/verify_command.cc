// furl verify: decodes everything, checks every checksum, says what is hurt.

#include <fmt/format.h>

#include <algorithm>

#include "bitstream/packet.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/model_store.h"
#include "codec/dec/decoder.h"
#include "media/coded_io.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] = R"(Decodes a furl file completely and checks all there is to check: packet
checksums, hashes of decoded frames, missing frames. Every group of pictures
(GOP) is decoded alone, so damage in one says nothing about the others.)";

constexpr char kFooter[] = R"(Examples:
  furl verify holiday.mkv
  furl verify holiday.mkv --json | jq 'select(.type == "gop" and .ok == false)'

Exit code 0 if all is well, 6 if something is hurt.)";

struct VerifyOptions {
  std::string input;
  int threads = 0;
  std::string model;
};

struct GopReport {
  int64_t number = 0;
  int64_t first_pts = 0;
  int64_t packets = 0;
  int64_t frames = 0;  // that came out right
  int64_t highest_order = -1;
  std::string cause;  // empty: not hurt
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
    FURL_ASSIGN_OR_RETURN(model_, ModelStore(options_.model).Find(reader_->header().model_id));
    FURL_RETURN_IF_ERROR(Loop());
    (*details)["gops"] = gops_;
    (*details)["hurt_gops"] = hurt_gops_;
    (*details)["packets"] = packets_;
    (*details)["frames"] = frames_;
    (*details)["hashes_checked"] = hashes_checked_;
    (*details)["container_damage"] = container_damage_;
    if (gops_ == 0) return Status(StatusCode::kVerifyFailed, "there is no video in it");
    if (hurt_gops_ > 0 || container_damage_ > 0) {
      return Status(StatusCode::kVerifyFailed,
                    fmt::format("{}: {} of {} GOPs hurt, {} damaged places between packets",
                                options_.input, hurt_gops_, gops_, container_damage_));
    }
    console_.Print(fmt::format("{}: {} GOPs, {} frames, all good ({} frame hashes checked)\n",
                               options_.input, gops_, frames_, hashes_checked_));
    return OkStatus();
  }

 private:
  Status Loop() {
    for (;;) {
      if (Interrupted()) return Status(StatusCode::kCancelled, "interrupted");
      auto packet = reader_->Next();
      if (!packet.ok() && packet.status().code() == StatusCode::kEndOfStream) break;
      if (!packet.ok()) {
        if (packet.status().code() != StatusCode::kInvalidStream) return packet.status();
        ++container_damage_;
        const std::string cause = "between packets: " + packet.status().message();
        console_.Problem(cause);
        console_.Json({{"type", "damage"}, {"message", packet.status().message()}});
        Blame(cause);
        continue;
      }
      if (packet->stream != media::kVideoStream) continue;
      if (packet->key || decoder_ == nullptr) {
        FURL_RETURN_IF_ERROR(EndGop());
        FURL_RETURN_IF_ERROR(StartGop(*packet));
      }
      FURL_RETURN_IF_ERROR(Check(*packet));
    }
    return EndGop();
  }

  Status StartGop(const media::MediaPacket& packet) {
    DecoderSettings settings;
    settings.threads = options_.threads;
    FURL_ASSIGN_OR_RETURN(decoder_, Decoder::Create(reader_->sequence_header(), model_, settings));
    gop_ = {};
    gop_.number = gops_++;
    gop_.first_pts = packet.pts;
    return OkStatus();
  }

  void Blame(const std::string& cause) {
    if (decoder_ != nullptr && gop_.cause.empty()) gop_.cause = cause;
  }

  Status Check(const media::MediaPacket& packet) {
    ++gop_.packets;
    ++packets_;
    if (const auto view = ParsePacket(packet.data); view.ok()) {
      gop_.highest_order = std::max<int64_t>(gop_.highest_order, view->header.display_order);
    } else {
      Blame(fmt::format("packet {}: {}", gop_.packets - 1, view.status().message()));
    }
    for (;;) {
      const Status status = decoder_->SendPacket(packet.data, packet.pts, packet.duration);
      const int64_t before = gop_.frames;
      FURL_RETURN_IF_ERROR(Receive());
      if (status.ok()) return OkStatus();
      if (status.code() == StatusCode::kTryAgain && gop_.frames > before) continue;
      if (status.code() == StatusCode::kOutOfMemory) return status;
      Blame(fmt::format("packet {}: {}", gop_.packets - 1, status.message()));
      return OkStatus();
    }
  }

  Status Receive() {
    for (;;) {
      auto frame = decoder_->ReceiveFrame();
      if (frame.ok()) {
        ++gop_.frames;
        continue;
      }
      const StatusCode code = frame.status().code();
      if (code == StatusCode::kTryAgain || code == StatusCode::kEndOfStream) return OkStatus();
      if (code == StatusCode::kOutOfMemory || code == StatusCode::kCancelled) {
        return frame.status();
      }
      Blame(frame.status().message());
    }
  }

  Status EndGop() {
    if (decoder_ == nullptr) return OkStatus();
    if (const Status status = decoder_->Flush(); !status.ok()) Blame(status.message());
    FURL_RETURN_IF_ERROR(Receive());
    const DecoderStatistics statistics = decoder_->statistics();
    hashes_checked_ += statistics.hashes_checked;
    if (statistics.hashes_failed > 0) Blame("the hash of a decoded frame is wrong");
    if (statistics.damaged_frames > 0) Blame("damaged frames");
    if (gop_.highest_order + 1 > gop_.packets) {
      Blame(fmt::format("{} frames are missing", gop_.highest_order + 1 - gop_.packets));
    }
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
      ++hurt_gops_;
      object["cause"] = gop_.cause;
      console_.Print(fmt::format("GOP {} at {:.3f} s is hurt: {} ({} of {} frames came out)\n",
                                 gop_.number, time, gop_.cause, gop_.frames, gop_.packets));
    }
    console_.Json(object);
  }

  const VerifyOptions& options_;
  Console& console_;
  std::unique_ptr<media::CodedReader> reader_;
  model::ModelPtr model_;
  std::unique_ptr<Decoder> decoder_;  // of the current GOP
  GopReport gop_;
  int64_t gops_ = 0;
  int64_t hurt_gops_ = 0;
  int64_t packets_ = 0;
  int64_t frames_ = 0;
  int64_t hashes_checked_ = 0;
  int64_t container_damage_ = 0;
};

}  // namespace

RunFn AddVerify(CLI::App* app) {
  auto options = std::make_shared<VerifyOptions>();
  VerifyOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("input,-i,--input", o->input, "Furl file, or - for a bare stream")->required();
  app->add_option("--threads", o->threads, "0: one per CPU")->check(CLI::Range(0, 1024));
  app->add_option("--model", o->model, "Model file, or folder with models");
  return [options](Console& console, Details* details) {
    return VerifyRun(*options, console).Run(details);
  };
}

}  // namespace furl::cli
