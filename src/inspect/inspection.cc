#include "inspect/inspection.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "bitstream/packet.h"
#include "codec/dec/decode_packet.h"
#include "codec/families/decoders.h"
#include "media/coded_io.h"
#include "session/model_store.h"
#include "session/paired_packets.h"

namespace furl::inspect {
namespace {

// Hands analyses of wanted frames on, with the record that their tag points to.
class Watcher : public DecodeObserver {
 public:
  explicit Watcher(const InspectOptions& options) : options_(options) {}

  void Take(FrameAnalysis analysis) override {
    auto* const record = static_cast<FrameRecord*>(analysis.tag.user_data);
    if (record->number < options_.first || record->number > options_.last) return;
    record->numbers = NumbersOf(analysis);
    const std::lock_guard<std::mutex> lock(mutex_);
    ++analysed_;
    if (status_.ok() && options_.take) status_ = options_.take(*record, analysis);
  }

  // The first error of who takes the analyses.
  Status status() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return status_;
  }
  int64_t analysed() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return analysed_;
  }

 private:
  const InspectOptions& options_;
  mutable std::mutex mutex_;
  Status status_;
  int64_t analysed_ = 0;
};

class InspectRun {
 public:
  InspectRun(const InspectOptions& options, Inspection* out)
      : options_(options), out_(*out), watcher_(std::make_shared<Watcher>(options)) {}

  Status Run(const std::string& path) {
    FURL_RETURN_IF_ERROR(Open(path));
    FURL_ASSIGN_OR_RETURN(auto packets,
                          session::PairedPackets::Create(reader_.get(), options_.threads));
    FURL_RETURN_IF_ERROR(packets.ForEach(
        options_.hooks,
        [this](const media::MediaPacket& packet, const ConstFramePtr& base) {
          FURL_RETURN_IF_ERROR(TakeVideo(packet, base));
          return watcher_->status();
        },
        [this](const std::string& message) { Damage(message); }));
    FURL_RETURN_IF_ERROR(EndGop());
    out_.analysed = watcher_->analysed();
    return watcher_->status();
  }

 private:
  Status Open(const std::string& path) {
    media::CodedReaderOptions reader;
    reader.other_streams = false;
    reader.notice = options_.hooks.notice;
    reader.cancelled = options_.hooks.cancelled;
    FURL_ASSIGN_OR_RETURN(reader_, media::OpenCoded(path, reader));
    out_.path = path;
    out_.header = reader_->header();
    out_.video = reader_->info().video;
    const FamilyDecoderRow* const row = FindFamily(out_.header.family);
    out_.family = row != nullptr ? row->name : "unknown";
    FURL_ASSIGN_OR_RETURN(const model::ModelPtr model,
                          session::ModelStore(options_.model).Find(out_.header.model_id));
    FURL_ASSIGN_OR_RETURN(family_, CreateFamily(model));
    out_.decoder = family_;
    return OkStatus();
  }

  Status TakeVideo(const media::MediaPacket& packet, const ConstFramePtr& base) {
    const Result<PacketView> parsed = ParsePacket(packet.data);
    const FrameTag tag = {packet.pts, packet.duration};
    FrameRecord* record = nullptr;
    if (parsed.ok()) {
      record = out_.timeline.Add(parsed->header, tag, static_cast<int64_t>(packet.data.size()));
      if (parsed->header.key()) FURL_RETURN_IF_ERROR(StartGop());
    } else {
      Damage(parsed.status().message());
    }
    if (options_.progress) options_.progress(++packets_);
    if (decoder_ == nullptr || record == nullptr) return OkStatus();
    const Status decoded = DecodeParsed(
        decoder_.get(), parsed, {packet.pts, packet.duration, record}, base, PictureTaker());
    return Excuse(decoded);
  }

  // A new decoder for a GOP with wanted frames, none for others.
  Status StartGop() {
    FURL_RETURN_IF_ERROR(EndGop());
    const int64_t start = out_.timeline.gop_start();
    if (start > options_.last || start + out_.header.gop_length <= options_.first) {
      return OkStatus();
    }
    DecoderSettings settings;
    settings.threads = options_.threads;
    settings.max_memory = options_.max_memory;
    settings.observer = watcher_;
    FURL_ASSIGN_OR_RETURN(decoder_, Decoder::Create(reader_->sequence_header(), family_, settings));
    return OkStatus();
  }

  Status EndGop() {
    if (decoder_ == nullptr) return OkStatus();
    FURL_RETURN_IF_ERROR(FlushDecoder(decoder_.get(), PictureTaker()));
    const int64_t missing = decoder_->statistics().missing_frames;
    if (missing > 0) Damage(std::to_string(missing) + " frames are missing");
    decoder_ = nullptr;
    return OkStatus();
  }

  PictureSink PictureTaker() {
    return [this](const Result<ConstFramePtr>& picture) { return Excuse(picture.status()); };
  }

  // Damage is counted; what it doesn't explain ends the run.
  Status Excuse(const Status& status) {
    if (status.ok()) return status;
    if (status.code() != StatusCode::kInvalidStream && status.code() != StatusCode::kVerifyFailed) {
      return status;
    }
    Damage(status.message());
    return OkStatus();
  }

  void Damage(const std::string& text) {
    ++out_.damaged;
    if (options_.damage) options_.damage(text);
  }

  const InspectOptions& options_;
  Inspection& out_;
  std::unique_ptr<media::CodedReader> reader_;
  FamilyPtr family_;
  std::shared_ptr<Watcher> watcher_;
  std::unique_ptr<Decoder> decoder_;  // of the current GOP; null where nothing of it is wanted
  int64_t packets_ = 0;
};

}  // namespace

Result<std::unique_ptr<Inspection>> InspectFile(const std::string& path,
                                                const InspectOptions& options) {
  auto inspection = std::make_unique<Inspection>();
  FURL_RETURN_IF_ERROR(InspectRun(options, inspection.get()).Run(path));
  return inspection;
}

}  // namespace furl::inspect
