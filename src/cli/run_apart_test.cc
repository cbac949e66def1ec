#include "cli/run_apart.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <new>
#include <sstream>

namespace furl::cli {
namespace {

Status Apart(const RunFn& run, Details* details) {
  std::ostringstream out;
  std::ostringstream err;
  Console console(out, err);
  *details = Details::object();
  return RunApart(run, console, details);
}

TEST(RunApartTest, StatusAndDetailsComeBack) {
  Details details;
  const pid_t here = getpid();
  const Status done = Apart(
      [](Console&, Details* d) {
        (*d)["bytes"] = 12;
        (*d)["pid"] = getpid();
        return OkStatus();
      },
      &details);
  EXPECT_TRUE(done.ok()) << done.message();
  EXPECT_EQ(details["bytes"], 12);
  EXPECT_NE(details["pid"], here);
  const Status failed = Apart(
      [](Console&, Details*) { return InvalidStream(std::string(70000, 'a') + "\xff"); }, &details);
  EXPECT_EQ(failed.code(), StatusCode::kInvalidStream);
  EXPECT_GE(failed.message().size(), 70000);
}

TEST(RunApartTest, WhatEndsItIsTold) {
  Details details;
  const Status killed = Apart(
      [](Console&, Details*) {
        raise(SIGKILL);
        return OkStatus();
      },
      &details);
  EXPECT_EQ(killed.code(), StatusCode::kInternal);
  EXPECT_NE(killed.message().find("signal 9"), std::string::npos) << killed.message();
  const Status ended = Apart([](Console&, Details*) -> Status { _exit(7); }, &details);
  EXPECT_NE(ended.message().find("code 7"), std::string::npos) << ended.message();
  const Status thrown =
      Apart([](Console&, Details*) -> Status { throw std::bad_alloc(); }, &details);
  EXPECT_EQ(thrown.code(), StatusCode::kOutOfMemory);
}

}  // namespace
}  // namespace furl::cli
