// PageTest: what tests of pages share: a browser, elements to click, and that a page logs no error
// and loads nothing. Skipped where there is no Chromium. Screenshots are left in the folder
// $FURL_SCREENSHOTS, where that is set.

#ifndef FURL_TESTS_REPORT_PAGE_TEST_H_
#define FURL_TESTS_REPORT_PAGE_TEST_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>

#include "browser.h"

namespace furl::testing {

// Tests set path_ to the page that they open; it is removed at the end.
class PageTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (Browser::Find().empty()) return;
    std::string error;
    browser_ = Browser::Start(1280, 900, &error).release();
    ASSERT_NE(browser_, nullptr) << error;
  }
  static void TearDownTestSuite() { delete std::exchange(browser_, nullptr); }

  void SetUp() override {
    if (Browser::Find().empty()) GTEST_SKIP() << "there is no chromium in PATH";
    ASSERT_NE(browser_, nullptr);
    browser_->Resize(1280, 900);
    problems_before_ = browser_->problems().size();
  }

  void TearDown() override {
    if (browser_ == nullptr || path_.empty()) return;
    for (size_t i = problems_before_; i < browser_->problems().size(); ++i) {
      ADD_FAILURE() << browser_->problems()[i];
    }
    // The page itself and nothing else.
    ASSERT_EQ(browser_->requests().size(), 1u);
    EXPECT_NE(browser_->requests()[0].find(path_), std::string::npos);
    std::filesystem::remove(path_);
  }

  nlohmann::json Eval(const std::string& expression) { return browser_->Evaluate(expression); }
  // The middle of an element, which is scrolled into view.
  std::pair<double, double> At(const std::string& selector, double fx = 0.5, double fy = 0.5) {
    const nlohmann::json box =
        Eval("(() => { const e = document.querySelector('" + selector +
             "'); e.scrollIntoView({block: 'center', behavior: 'instant'}); const r = "
             "e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; })()");
    if (!box.is_array()) {
      ADD_FAILURE() << selector << ": " << box;
      return {0, 0};
    }
    return {box[0].get<double>() + fx * box[2].get<double>(),
            box[1].get<double>() + fy * box[3].get<double>()};
  }
  void Click(const std::string& selector) {
    const auto [x, y] = At(selector);
    browser_->Click(x, y);
  }
  void Choose(const std::string& selector, const std::string& value) {
    Eval("(() => { const e = document.querySelector('" + selector + "'); e.value = '" + value +
         "'; e.dispatchEvent(new Event('change')); })()");
  }
  std::string Text(const std::string& selector) {
    const nlohmann::json text = Eval("document.querySelector('" + selector + "').textContent");
    EXPECT_TRUE(text.is_string()) << selector << ": " << text;
    return text.is_string() ? text.get<std::string>() : "";
  }
  // What sticks out of the window, outside of what scrolls by itself.
  std::string Overhang() {
    return Eval(
               "document.documentElement.scrollWidth <= innerWidth ? '' : [...document.body."
               "querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1"
               " && !e.closest('.scroll, .stage, .skip')).map(e => e.tagName + '#' + e.id + '.' +"
               " e.className).join(', ')")
        .get<std::string>();
  }
  void Screenshot(const std::string& name) {
    const char* folder = std::getenv("FURL_SCREENSHOTS");
    if (folder == nullptr) return;
    Eval("scrollTo(0, 0)");
    EXPECT_TRUE(browser_->Screenshot(std::string(folder) + "/" + name + ".png"));
  }

  inline static Browser* browser_ = nullptr;
  size_t problems_before_ = 0;
  std::string path_;
};

}  // namespace furl::testing

#endif  // FURL_TESTS_REPORT_PAGE_TEST_H_
