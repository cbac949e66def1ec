#include "codec/dec/decoder.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/exceptions.h"
#include "base/sha256.h"
#include "base/thread_pool.h"
#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"
#include "codec/common/motion_refs.h"
#include "codec/dec/decoder_memory.h"
#include "codec/dec/frame_decoder.h"
#include "codec/dec/gop_ledger.h"
#include "codec/dec/hash_groups.h"
#include "codec/dec/output_queue.h"
#include "codec/dec/picture.h"
#include "codec/families/decoders.h"
#include "codec/predict/base_filter.h"

namespace furl {
namespace {

// A worker for each thread beside the caller, who only waits; no pool where `threads` is 0.
int PoolSize(int threads) { return threads > 0 ? threads + 1 : 0; }

// A frame in flight needs about 85 bytes per pixel. A million pixels for each
// thread keep 1080p on two threads below 400 MB, for a seventh of its speed.
int FramesInFlight(const SequenceHeader& sequence, const FamilyTraits& traits, int threads) {
  if (traits.in_order) return 1;
  constexpr int64_t kPixelsPerThread = 1'000'000;
  const int64_t pixels = int64_t{sequence.width} * sequence.height;
  const int64_t affordable = kPixelsPerThread * threads / pixels;
  return static_cast<int>(
      std::clamp<int64_t>(affordable, 1, std::clamp(threads, 1, Decoder::kMaxFramesInFlight)));
}

// Packets become pictures in jobs of their own as soon as their references are
// done, up to `frames_in_flight_` at a time; inside a job the networks share
// idle threads by rows. Which job runs when never changes a picture. Without threads jobs
// wait until a caller waits for them, who then does them. Pictures leave
// `output_` only when they are received, so its size is what back-pressure goes by.
class DecoderImpl : public Decoder {
 public:
  DecoderImpl(const SequenceHeader& sequence, FamilyPtr family, const DecoderSettings& settings,
              int frames_in_flight)
      : sequence_(sequence),
        settings_(settings),
        family_(std::move(family)),
        frames_in_flight_(frames_in_flight),
        ledger_(sequence),
        pool_(PoolSize(PoolThreads(settings.threads))) {
    idle_workers_.reserve(static_cast<size_t>(frames_in_flight_));
  }
  ~DecoderImpl() override;

  using Decoder::SendPacket;
  using Decoder::SendParsed;
  Status SendPacket(std::span<const uint8_t> data, const FrameTag& tag) override {
    return SendParsed(ParsePacket(data), tag);
  }
  Status SendParsed(const Result<PacketView>& packet, const FrameTag& tag,
                    const ConstFramePtr& base) override;
  Status Flush() override;
  Result<ConstFramePtr> ReceiveFrame() override;
  DecoderStatistics statistics() const override;

 private:
  bool Full() const { return output_.size() >= size_t{kMaxHeldPictures}; }
  Status Accept(const PacketView& packet, const FrameTag& tag, const ConstFramePtr& base);
  Status CheckBase(const ConstFramePtr& base) const;
  Status FindReferences(Picture* picture) const;
  void EndGop(const GopLedger::Missing& missing);
  Status Lose(const Status& why, const FrameTag& tag);
  void Schedule() noexcept;
  template <typename Condition>
  void WaitUntil(std::unique_lock<std::mutex>& lock, Condition condition);
  void RunJob(Picture* picture) noexcept;
  std::unique_ptr<FrameDecoder> IdleWorker();
  Result<ReferencePtr> DecodePicture(const Picture& picture, FrameDecoder* worker);
  Result<ConstFramePtr> Show(const OutputQueue::Item& item);
  Result<ConstFramePtr> Conceal(const FrameTag& tag);
  void LogDamage(const char* what, const FrameTag& tag, const Status& why) const;

  const SequenceHeader sequence_;
  const DecoderSettings settings_;
  const FamilyPtr family_;
  const int frames_in_flight_;

  // A picture and the job that decodes it.
  struct Waiting {
    PicturePtr picture;
    ThreadPool::Job job;
  };

  std::mutex observer_mutex_;  // held while the observer is told
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Waiting> waiting_;  // in coding order
  int running_ = 0;
  std::vector<std::unique_ptr<FrameDecoder>> idle_workers_;
  DecoderStatistics statistics_;

  // Touched by the caller's thread only:
  std::array<PicturePtr, kReferenceSlots> store_;
  OutputQueue output_;
  GopLedger ledger_;
  HashGroups hash_groups_;
  ConstFramePtr last_shown_;  // kept where damage is concealed; gray before there is one
  bool have_key_ = false;
  bool flushed_ = false;

  ThreadPool pool_;  // last: its jobs use everything above
};

DecoderImpl::~DecoderImpl() {
  std::unique_lock<std::mutex> lock(mutex_);
  waiting_.clear();
  WaitUntil(lock, [&] { return running_ == 0; });
}

// Waits for jobs to make `condition` true, or does them here where there are no threads.
template <typename Condition>
void DecoderImpl::WaitUntil(std::unique_lock<std::mutex>& lock, Condition condition) {
  lock.unlock();
  pool_.RunQueued();
  lock.lock();
  changed_.wait(lock, condition);
}

Status DecoderImpl::SendParsed(const Result<PacketView>& packet, const FrameTag& tag,
                               const ConstFramePtr& base) {
  if (flushed_) return InvalidArgument("packets after the end of the stream");
  // A full decoder has something to show, else it could never take a packet again.
  static_assert(kMaxHeldPictures > OutputQueue::kMaxOvertaking);
  if (Full()) return TryAgain();
  if (!packet.ok()) return Lose(packet.status(), tag);
  const Status accepted = CatchExceptions([&] { return Accept(*packet, tag, base); });
  if (!accepted.ok()) return Lose(accepted, tag);
  return OkStatus();
}

Status DecoderImpl::CheckBase(const ConstFramePtr& base) const {
  if (!sequence_.base.has_value()) {
    return base == nullptr ? OkStatus() : InvalidArgument("the stream has no base");
  }
  if (base == nullptr) return InvalidStream("the picture of the base is missing");
  if (base->width() != sequence_.base->width || base->height() != sequence_.base->height ||
      base->bit_depth() != sequence_.base->bit_depth) {
    return InvalidStream("the base's picture has another size or depth than the stream says");
  }
  return OkStatus();
}

// Finds the references, takes the picture's place in store and output, and
// queues the job. What needs memory comes first: a picture in the output is decoded for sure.
Status DecoderImpl::Accept(const PacketView& packet, const FrameTag& tag,
                           const ConstFramePtr& base) {
  FURL_RETURN_IF_ERROR(CheckBase(base));
  const auto picture = std::make_shared<Picture>(packet);
  picture->tag = tag;
  picture->base = base;
  picture->alone = base != nullptr && BaseFilter::IsAlone(packet);
  std::list<Waiting> waiting;
  waiting.push_back({picture, ThreadPool::Job([this, picture] { RunJob(picture.get()); })});
  const FrameHeader& header = picture->header();
  const bool key = header.key();
  if (!key && !family_->traits().inter) return InvalidStream("the family has key frames only");
  if (!key && !have_key_) return InvalidStream("no key frame before this packet");
  if (!key) FURL_RETURN_IF_ERROR(FindReferences(picture.get()));
  FURL_RETURN_IF_ERROR(ledger_.Check(header));
  if (key) {
    EndGop(ledger_.Add(header, picture->tag));
    store_ = {};
    have_key_ = true;
    output_.BeginGop();
  }
  hash_groups_.Add(picture.get());
  if (!output_.Add(picture)) return InvalidStream("frame comes twice or too late");
  if (!key) ledger_.Add(header, picture->tag);
  if (header.store_slot >= 0) store_[header.store_slot] = picture;
  std::lock_guard<std::mutex> lock(mutex_);
  ++statistics_.frames;
  if (key) ++statistics_.key_frames;
  waiting_.splice(waiting_.end(), waiting);
  Schedule();
  return OkStatus();
}

Status DecoderImpl::FindReferences(Picture* picture) const {
  const FrameHeader& header = picture->header();
  for (int r = 0; r < header.reference_count(); ++r) {
    picture->refs[r] = store_[header.references[r]];
    if (picture->refs[r] == nullptr) return InvalidStream("reference is missing");
    const int distance = header.display_order - picture->refs[r]->header().display_order;
    FURL_RETURN_IF_ERROR(CheckReference(distance, family_->traits()));
  }
  return OkStatus();
}

// Of the open GOP, if there is one.
void DecoderImpl::EndGop(const GopLedger::Missing& missing) {
  const int hashes = hash_groups_.EndGop();
  const bool whole = have_key_ && missing.of_gop == 0;
  std::lock_guard<std::mutex> lock(mutex_);
  statistics_.missing_frames += missing.total();
  if (whole) statistics_.hashes_failed += hashes;
}

// A packet that can't be decoded. What refers to it will find its slot stale or
// empty; to be safe nothing is decoded before the next key frame, also where the rest fails.
Status DecoderImpl::Lose(const Status& why, const FrameTag& tag) {
  have_key_ = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ++statistics_.frames;
    ++statistics_.damaged_frames;
  }
  ledger_.AddLost(tag);
  output_.AddLost(tag);
  LogDamage("packet", tag, why);
  return settings_.conceal ? OkStatus() : why;
}

// Starts every job that can start. Called with the mutex held, also by jobs, so it must not fail.
void DecoderImpl::Schedule() noexcept {
  const auto done = [](const PicturePtr& p) {
    return p == nullptr || p->state == Picture::State::kDone;
  };
  for (auto it = waiting_.begin(); it != waiting_.end() && running_ < frames_in_flight_;) {
    Picture& picture = *it->picture;
    const bool covered = std::all_of(picture.covered.begin(), picture.covered.end(),
                                     [](const PictureHashPtr& hash) { return hash->done; });
    if (!done(picture.refs[0]) || !done(picture.refs[1]) || !covered) {
      ++it;
      continue;
    }
    picture.state = Picture::State::kRunning;
    ++running_;
    pool_.Submit(std::move(it->job));
    it = waiting_.erase(it);
  }
  changed_.notify_all();
}

std::unique_ptr<FrameDecoder> DecoderImpl::IdleWorker() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (idle_workers_.empty()) return nullptr;
  std::unique_ptr<FrameDecoder> worker = std::move(idle_workers_.back());
  idle_workers_.pop_back();
  return worker;
}

void DecoderImpl::RunJob(Picture* picture) noexcept {
  std::unique_ptr<FrameDecoder> worker = IdleWorker();
  ReferencePtr reference;
  Status status = CatchExceptions([&]() -> Status {
    if (worker == nullptr) {
      FURL_ASSIGN_OR_RETURN(worker,
                            FrameDecoder::Create(sequence_, *family_, &pool_, settings_.allocator));
    }
    FURL_ASSIGN_OR_RETURN(reference, DecodePicture(*picture, worker.get()));
    return OkStatus();
  });
  // Without memory one worker less is better, and an exception may have left it half changed.
  if (status.code() == StatusCode::kOutOfMemory || status.code() == StatusCode::kInternal) {
    worker.reset();
  }
  std::lock_guard<std::mutex> lock(mutex_);
  if (HashIsChecked(*picture) && (status.ok() || status.code() == StatusCode::kVerifyFailed)) {
    ++statistics_.hashes_checked;
    if (!status.ok()) ++statistics_.hashes_failed;
  }
  if (!status.ok()) ++statistics_.damaged_frames;
  picture->status = std::move(status);
  picture->reference = std::move(reference);
  if (picture->reference != nullptr) picture->own_hash->hash = picture->reference->hash;
  picture->own_hash->done = true;
  picture->Release();
  picture->state = Picture::State::kDone;
  --running_;
  if (worker != nullptr) idle_workers_.push_back(std::move(worker));
  Schedule();
}

Result<ReferencePtr> DecoderImpl::DecodePicture(const Picture& picture, FrameDecoder* worker) {
  ReferencePtr refs[2];
  for (int r = 0; r < 2; ++r) {
    if (picture.refs[r] == nullptr) continue;
    if (!picture.refs[r]->status.ok()) return InvalidStream("reference is damaged");
    refs[r] = picture.refs[r]->reference;
  }
  std::optional<FrameAnalysis> analysis;
  if (settings_.observer != nullptr) analysis.emplace(sequence_.width, sequence_.height);
  FURL_ASSIGN_OR_RETURN(ReferencePtr reference,
                        worker->Decode(picture.view, refs, picture.tag, picture.base,
                                       analysis ? &*analysis : nullptr));
  FURL_RETURN_IF_ERROR(CheckHash(picture, *reference));
  if (analysis) {
    const std::lock_guard<std::mutex> lock(observer_mutex_);
    settings_.observer->Take(std::move(*analysis));
  }
  return reference;
}

Status DecoderImpl::Flush() {
  flushed_ = true;
  output_.End();
  EndGop(ledger_.End());
  return OkStatus();
}

Result<ConstFramePtr> DecoderImpl::ReceiveFrame() {
  const std::optional<OutputQueue::Item> item = output_.Peek();
  if (!item) {
    if (flushed_) return EndOfStream();
    return TryAgain();
  }
  if (item->picture != nullptr) {
    std::unique_lock<std::mutex> lock(mutex_);
    const auto done = [&] { return item->picture->state == Picture::State::kDone; };
    // Rather than wait for the picture, ask for packets that keep others busy: a few ahead do.
    const bool idle = static_cast<int>(waiting_.size()) < 2 * frames_in_flight_;
    const bool more = !flushed_ && !Full() && !item->picture->alone;
    if (!done() && idle && more) return TryAgain();
    WaitUntil(lock, done);
  }
  output_.Pop();
  return Show(*item);
}

Result<ConstFramePtr> DecoderImpl::Show(const OutputQueue::Item& item) {
  if (item.picture == nullptr) {
    if (!settings_.conceal) return InvalidStream("frame is missing");
    return Conceal(item.lost);
  }
  const Picture& picture = *item.picture;
  if (!picture.status.ok()) {
    LogDamage("picture", picture.tag, picture.status);
    if (settings_.conceal) return Conceal(picture.tag);
    return picture.status;
  }
  if (settings_.conceal) last_shown_ = picture.reference->frame;
  return picture.reference->frame;
}

void DecoderImpl::LogDamage(const char* what, const FrameTag& tag, const Status& why) const {
  Log(settings_.log, LogLevel::kWarning,
      std::string(what) + " at time " + std::to_string(tag.pts) + " is damaged: " + why.message());
}

// A gray picture.
Result<FramePtr> Gray(const SequenceHeader& sequence, const FrameAllocatorPtr& allocator) {
  FURL_ASSIGN_OR_RETURN(FramePtr frame, Frame::Create(sequence.width, sequence.height,
                                                      sequence.bit_depth, 0, allocator));
  for (int p = 0; p < 3; ++p) {
    const Plane to = frame->plane(p);
    for (int y = 0; y < to.height; ++y) {
      std::fill_n(to.row(y), to.width, static_cast<uint16_t>(1 << (sequence.bit_depth - 1)));
    }
  }
  return frame;
}

// The last picture shown once more, or gray where there was none yet. No samples are copied: a
// long GOP may lose all of its pictures.
Result<ConstFramePtr> DecoderImpl::Conceal(const FrameTag& tag) {
  if (last_shown_ == nullptr) {
    FURL_ASSIGN_OR_RETURN(last_shown_, Gray(sequence_, settings_.allocator));
  }
  ConstFramePtr frame = Frame::StandIn(last_shown_, tag);
  const bool gray = last_shown_->qp == kNoQp;  // it is of no packet
  Log(settings_.log, LogLevel::kWarning,
      "picture at time " + std::to_string(tag.pts) + " is concealed by " +
          (gray ? "gray" : "the one shown before"));
  std::lock_guard<std::mutex> lock(mutex_);
  ++statistics_.concealed_frames;
  return frame;
}

DecoderStatistics DecoderImpl::statistics() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return statistics_;
}

// The header of a stream that these settings admit and this model decodes.
Result<SequenceHeader> CheckHeader(std::span<const uint8_t> bytes, const model::Model& model,
                                   const DecoderSettings& settings) {
  const SequenceLimits limits = {settings.max_pixels, settings.max_macs_per_pixel};
  FURL_ASSIGN_OR_RETURN(const SequenceHeader sequence, ParseSequenceHeader(bytes, limits));
  const FamilyDecoderRow* family = FindFamily(sequence.family);
  if (family == nullptr) {
    return Unsupported("codec family " + std::to_string(sequence.family) +
                       " is not known to this decoder");
  }
  if (model.id() != sequence.model_id) {
    return Status(StatusCode::kWrongModel, "stream needs model " + ToHex(sequence.model_id) +
                                               ", given is " + ToHex(model.id()));
  }
  if (family->name != model.family()) {
    return InvalidStream("stream is of codec family '" + std::string(family->name) +
                         "', its model of '" + model.family() + "'");
  }
  return sequence;
}

}  // namespace

Result<std::unique_ptr<Decoder>> Decoder::Create(std::span<const uint8_t> sequence_header,
                                                 FamilyPtr family,
                                                 const DecoderSettings& settings) {
  if (family == nullptr) return InvalidArgument("no family");
  FURL_ASSIGN_OR_RETURN(const SequenceHeader sequence,
                        CheckHeader(sequence_header, family->model(), settings));
  if (sequence.base && !(family->traits().inter && family->traits().motion)) {
    return InvalidStream("codec family '" + family->model().family() + "' can't add to a base");
  }
  if (family->WorkPerPixel() > settings.max_macs_per_pixel) {
    return LimitExceeded("decoding cost per pixel is above the limit");
  }
  const int wanted = FramesInFlight(sequence, family->traits(), PoolThreads(settings.threads));
  FURL_ASSIGN_OR_RETURN(const int frames_in_flight,
                        AffordableFramesInFlight(sequence, *family, wanted, settings.max_memory));
  return std::unique_ptr<Decoder>(
      std::make_unique<DecoderImpl>(sequence, std::move(family), settings, frames_in_flight));
}

Result<std::unique_ptr<Decoder>> Decoder::Create(std::span<const uint8_t> sequence_header,
                                                 model::ModelPtr model,
                                                 const DecoderSettings& settings) {
  if (model == nullptr) return InvalidArgument("no model");
  // Before the long work, what needs none of it.
  FURL_RETURN_IF_ERROR(CheckHeader(sequence_header, *model, settings).status());
  FURL_ASSIGN_OR_RETURN(FamilyPtr family, CreateFamily(std::move(model)));
  return Create(sequence_header, std::move(family), settings);
}

}  // namespace furl
