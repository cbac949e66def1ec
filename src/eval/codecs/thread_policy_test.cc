#include "eval/codecs/thread_policy.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <future>
#include <thread>

#include "eval/codecs/codec.h"
#include "eval/eval_test_util.h"
#include "media/libav/libav_util.h"

namespace furl::eval {
namespace {

#ifdef __linux__

constexpr sched_param kNoPriority = {};

// A thread that waits until it is destroyed.
class WaitingThread {
 public:
  WaitingThread() : thread_([this] { Wait(); }) { id_ = told_.get_future().get(); }
  ~WaitingThread() {
    stop_.set_value();
    thread_.join();
  }
  int policy() const { return sched_getscheduler(id_); }

 private:
  void Wait() {
    told_.set_value(gettid());
    stop_.get_future().wait();
  }

  std::promise<pid_t> told_;
  std::promise<void> stop_;
  pid_t id_ = 0;
  std::thread thread_;  // last: it uses the others
};

// SCHED_BATCH may be taken and left without rights.
TEST(KeepThreadPolicy, GivesBackWhatTheCallerAndNewThreadsHad) {
  ASSERT_EQ(sched_getscheduler(0), SCHED_OTHER);
  sched_setscheduler(0, SCHED_BATCH, &kNoPriority);
  const WaitingThread older;  // inherits
  sched_setscheduler(0, SCHED_OTHER, &kNoPriority);
  {
    const KeepThreadPolicy keep;
    sched_setscheduler(0, SCHED_BATCH, &kNoPriority);
    const WaitingThread gone;
  }
  EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
  EXPECT_EQ(older.policy(), SCHED_BATCH) << "is none of its business";

  auto keep = std::make_unique<KeepThreadPolicy>();
  sched_setscheduler(0, SCHED_BATCH, &kNoPriority);
  const WaitingThread newer;
  ASSERT_EQ(newer.policy(), SCHED_BATCH);
  keep.reset();
  EXPECT_EQ(newer.policy(), SCHED_OTHER);
  EXPECT_EQ(sched_getscheduler(0), SCHED_OTHER);
}

// Threads of this process that run before those of SCHED_OTHER.
int RaisedThreads() {
  int raised = 0;
  for (const pid_t id : ThreadIds()) {
    const int policy = sched_getscheduler(id);
    raised += policy == SCHED_FIFO || policy == SCHED_RR;
  }
  return raised;
}

void ExpectSvtStaysOrdinary(const std::string& name, const RunOptions& options) {
  const Clip clip = SyntheticClip(96, 80, 5, 8);
  const auto codec = MakeCodec(name, {});
  ASSERT_TRUE(codec.ok()) << codec.status().message();
  RunOptions run = options;
  int frames = 0;
  size_t most_threads = 0;
  run.on_frame = [&] {
    ++frames;
    most_threads = std::max(most_threads, ThreadIds().size());
    EXPECT_EQ(RaisedThreads(), 0) << name << ", frame " << frames;
  };
  const auto coded = (*codec)->Encode(clip, 50, run);
  EXPECT_TRUE(coded.ok()) << coded.status().message();
  EXPECT_EQ(frames, 5);
  EXPECT_GT(most_threads, 10u) << "threads that could have been raised";
  EXPECT_EQ(RaisedThreads(), 0) << name << ", closed";
}

TEST(KeepThreadPolicy, SvtAv1RunsLikeEverybodyElse) {
  if (geteuid() != 0) GTEST_SKIP() << "only as root does SVT-AV1 raise itself";
  media::RouteLibavLog(nullptr);
  setenv("SVT_LOG", "1", /*overwrite=*/0);  // errors only
  if (MakeCodec("svtav1-8", {}).status().code() == StatusCode::kUnsupported) {
    GTEST_SKIP() << "libavcodec without SVT-AV1";
  }
  RunOptions threads;
  threads.reproducible = false;
  threads.threads = 4;
  ExpectSvtStaysOrdinary("svtav1-8", {});
  ExpectSvtStaysOrdinary("svtav1-8", threads);
  ExpectSvtStaysOrdinary("svtav1-4", threads);
}

#endif  // __linux__

}  // namespace
}  // namespace furl::eval
