#include "base/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <exception>

#include "base/exceptions.h"

namespace furl {

// One ParallelFor in progress. `next` hands out indices; `done` counts finished
// ones, and the last finisher wakes the owner. `body` lives on the owner's stack,
// so no exception may leave before that.
struct ThreadPool::Loop {
  Loop(int n, const std::function<void(int)>& f) : count(n), body(f) {}

  void Work() {
    for (int i = next.fetch_add(1); i < count; i = next.fetch_add(1)) {
      try {
        body(i);
      } catch (...) {
        std::lock_guard<std::mutex> lock(mutex);
        if (error == nullptr) error = std::current_exception();
      }
      if (done.fetch_add(1) + 1 == count) {
        std::lock_guard<std::mutex> lock(mutex);
        finished.notify_all();
      }
    }
  }
  bool HasWork() const { return next.load() < count; }

  const int count;
  const std::function<void(int)>& body;
  std::atomic<int> next{0};
  std::atomic<int> done{0};
  std::mutex mutex;
  std::condition_variable finished;
  std::exception_ptr error;  // the first
};

ThreadPool::ThreadPool(int threads) : threads_(std::max(0, threads)) {
  const size_t wanted = threads_ > 0 ? std::max(1, threads_ - 1) : 0;
  const Status started = CatchExceptions([&] {
    workers_.reserve(wanted);
    while (workers_.size() < wanted) workers_.emplace_back([this] { WorkerMain(); });
    return OkStatus();
  });
  if (!started.ok()) threads_ = workers_.empty() ? 0 : static_cast<int>(workers_.size()) + 1;
}

ThreadPool::~ThreadPool() {
  RunQueued();
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::ParallelFor(int count, const std::function<void(int)>& body) {
  if (threads_ <= 1 || count <= 1) {
    for (int i = 0; i < count; ++i) body(i);
    return;
  }
  auto loop = std::make_shared<Loop>(count, body);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    loops_.push_back(loop);
  }
  wake_.notify_all();
  loop->Work();
  {
    std::unique_lock<std::mutex> lock(loop->mutex);
    loop->finished.wait(lock, [&] { return loop->done.load() == count; });
  }
  {
    std::lock_guard<std::mutex> lock(mutex_);
    std::erase(loops_, loop);
  }
  if (loop->error != nullptr) std::rethrow_exception(loop->error);
}

void ThreadPool::Submit(Job job) noexcept {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    jobs_.splice(jobs_.end(), job.list_);
  }
  wake_.notify_one();
}

void ThreadPool::RunQueued() {
  if (!workers_.empty()) return;
  std::unique_lock<std::mutex> lock(mutex_);
  while (!jobs_.empty()) RunFirstJob(&lock);
}

// Runs the job that came first, without the lock.
void ThreadPool::RunFirstJob(std::unique_lock<std::mutex>* lock) {
  std::list<std::function<void()>> job;
  job.splice(job.end(), jobs_, jobs_.begin());
  lock->unlock();
  job.front()();
  job.clear();
  lock->lock();
}

void ThreadPool::WorkerMain() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    // Loops first: somebody is blocked on them.
    std::shared_ptr<Loop> loop;
    for (const auto& candidate : loops_) {
      if (candidate->HasWork()) {
        loop = candidate;
        break;
      }
    }
    if (loop != nullptr) {
      lock.unlock();
      loop->Work();
      loop.reset();
      lock.lock();
    } else if (!jobs_.empty()) {
      RunFirstJob(&lock);
    } else if (stopping_) {
      return;
    } else {
      wake_.wait(lock);
    }
  }
}

int PoolThreads([[maybe_unused]] int setting) {
#if defined(__EMSCRIPTEN__) && !defined(__EMSCRIPTEN_PTHREADS__)
  return 0;
#else
  if (setting < 0) return 0;
  if (setting > 0) return setting;
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
#endif
}

void ParallelFor(ThreadPool* pool, int count, const std::function<void(int)>& body) {
  if (pool != nullptr) {
    pool->ParallelFor(count, body);
  } else {
    for (int i = 0; i < count; ++i) body(i);
  }
}

}  // namespace furl
