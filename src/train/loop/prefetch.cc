#include "train/loop/prefetch.h"

#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace furl::train {
namespace {

constexpr size_t kStock = 3;  // batches per source

class Loader {
 public:
  Loader(BatchSource source, bool pin)
      : source_(std::move(source)), pin_(pin), thread_([this] { Work(); }) {}
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  ~Loader() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  Batch Next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !stock_.empty() || failure_; });
    if (stock_.empty()) std::rethrow_exception(failure_);
    Batch batch = std::move(stock_.front());
    stock_.pop_front();
    lock.unlock();
    changed_.notify_all();
    return batch;
  }

 private:
  void Work() {
    try {
      for (;;) {
        Batch batch = source_(-1);
        if (pin_) batch = batch.Pinned();
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stock_.size() < kStock || stop_; });
        if (stop_) return;
        stock_.push_back(std::move(batch));
        lock.unlock();
        changed_.notify_all();
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
    }
    changed_.notify_all();
  }

  BatchSource source_;
  const bool pin_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Batch> stock_;
  std::exception_ptr failure_;
  bool stop_ = false;
  std::thread thread_;  // last: starts when the rest stands
};

}  // namespace

BatchSource Prefetch(std::vector<BatchSource> sources, bool pin) {
  auto loaders = std::make_shared<std::vector<std::unique_ptr<Loader>>>();
  for (BatchSource& source : sources) {
    loaders->push_back(std::make_unique<Loader>(std::move(source), pin));
  }
  auto turn = std::make_shared<size_t>(0);
  return [loaders, turn](int /*qp*/) { return (*loaders)[(*turn)++ % loaders->size()]->Next(); };
}

}  // namespace furl::train
