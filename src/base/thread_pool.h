// ThreadPool: a fixed set of workers for two uses that may be mixed freely.
//
//   pool.ParallelFor(rows, [&](int row) {...});   // data parallel, blocks
//   pool.Submit([&] {...});                       // independent jobs
//
// Work is split by index only, never by time, so that no result can depend on
// the number of threads.

#ifndef FURL_BASE_THREAD_POOL_H_
#define FURL_BASE_THREAD_POOL_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace furl {

class ThreadPool {
 public:
  // `threads` >= 1 counts the calling thread of ParallelFor, so `threads` - 1
  // workers are started by ParallelFor's measure; Submit always has at least
  // one worker. 0 means one thread per CPU.
  explicit ThreadPool(int threads);
  ~ThreadPool();  // waits for submitted jobs
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return threads_; }

  // Calls body(i) for every i in [0, count), each exactly once, and returns when
  // all are done, or then throws what one threw (no memory). The caller works too, and only
  // helps with its own loop, so nesting (also from inside a submitted job) can't deadlock.
  void ParallelFor(int count, const std::function<void(int)>& body);

  // Runs `job`, which doesn't throw, on a worker, some time. They start in the order they came.
  void Submit(std::function<void()> job);

 private:
  struct Loop;
  void WorkerMain();

  int threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  std::deque<std::shared_ptr<Loop>> loops_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

// ParallelFor on `pool`, or a plain loop where pool is null.
void ParallelFor(ThreadPool* pool, int count, const std::function<void(int)>& body);

}  // namespace furl

#endif  // FURL_BASE_THREAD_POOL_H_
