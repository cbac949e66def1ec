// A folder for tests, with files and links; it goes away at the end.

#ifndef FURL_SERVE_SERVE_TEST_UTIL_H_
#define FURL_SERVE_SERVE_TEST_UTIL_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace furl::serve {

class ServeTest : public testing::Test {
 protected:
  ServeTest()
      : outside_(testing::TempDir() + "/serve_test_" + std::to_string(getpid())),
        root_(outside_ + "/root") {
    std::filesystem::remove_all(outside_);
    std::filesystem::create_directories(root_);
  }
  ~ServeTest() override { std::filesystem::remove_all(outside_); }

  // `name` may have folders in front, which are made.
  void Write(const std::string& name, const std::string& text) const {
    const std::filesystem::path path = root_ + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  void Link(const std::string& name, const std::string& to) const {
    std::filesystem::create_symlink(to, root_ + "/" + name);
  }

  const std::string outside_;  // the folder that holds `root_`
  const std::string root_;
};

}  // namespace furl::serve

#endif  // FURL_SERVE_SERVE_TEST_UTIL_H_
