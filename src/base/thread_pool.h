// ThreadPool: a fixed set of workers for two uses that may be mixed freely.
//
//   pool.ParallelFor(rows, [&](int row) {...});   // data parallel, blocks
//   pool.Submit([&] {...});                       // independent jobs
//   pool.RunQueued();                             // before waiting for a job
//
// A pool of no threads starts none, for machines that have none to start: loops
// run on the caller, and jobs where RunQueued is called. A pool that can't start as many threads
// as it should goes on with those it got.
//
// Work is split by index only, never by time, so that no result can depend on
// the number of threads.

#ifndef FURL_BASE_THREAD_POOL_H_
#define FURL_BASE_THREAD_POOL_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace furl {

class ThreadPool {
 public:
  // A job together with all memory that submitting it takes.
  class Job {
   public:
    explicit Job(std::function<void()> run) { list_.push_back(std::move(run)); }

   private:
    friend class ThreadPool;
    std::list<std::function<void()>> list_;  // of one
  };

  // `threads` >= 1 counts the calling thread of ParallelFor, so `threads` - 1
  // workers are started by ParallelFor's measure; Submit has at least one worker
  // then. 0: no worker at all. What a user set is PoolThreads' to translate.
  // Fewer are started where the system has no more, none at worst.
  explicit ThreadPool(int threads);
  ~ThreadPool();  // waits for submitted jobs, or runs them
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // What was asked for, or less: see the constructor.
  int threads() const { return threads_; }

  // Calls body(i) for every i in [0, count), each exactly once, and returns when
  // all are done, or then throws what one threw (no memory). The caller works too, and only
  // helps with its own loop, so nesting (also from inside a submitted job) can't deadlock.
  void ParallelFor(int count, const std::function<void(int)>& body);

  // Runs `job`, which doesn't throw, on a worker, some time. They start in the order they came.
  // Without workers the job waits for RunQueued, so that Submit may be called with a lock held
  // that the job takes too. A Job can always be submitted; making one may throw (no memory).
  void Submit(Job job) noexcept;
  void Submit(std::function<void()> job) { Submit(Job(std::move(job))); }

  // Without workers: runs the submitted jobs here, those included that they submit, until none
  // is left. Whoever is about to wait for a job calls it first, holding no lock that jobs take.
  // With workers it does nothing.
  void RunQueued();

 private:
  struct Loop;
  void WorkerMain();
  void RunFirstJob(std::unique_lock<std::mutex>* lock);

  int threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::list<std::function<void()>> jobs_;
  std::deque<std::shared_ptr<Loop>> loops_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

// Settings of threads: 0 is one per CPU, kNoThreads none beside the caller's.
inline constexpr int kNoThreads = -1;

// The threads of a pool for a setting: 0 for kNoThreads, and always where the
// platform can't start any (WebAssembly without threads).
int PoolThreads(int setting);

// ParallelFor on `pool`, or a plain loop where pool is null.
void ParallelFor(ThreadPool* pool, int count, const std::function<void(int)>& body);

}  // namespace furl

#endif  // FURL_BASE_THREAD_POOL_H_
