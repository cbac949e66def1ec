// Tests of man pages and completions: how the table is read, and that nothing in a text becomes a
// command. tests/document compares whole programs with their documents.

#include <gtest/gtest.h>

#include "document/completions.h"
#include "document/man_page.h"
#include "document/option_table.h"
#include "document/roff.h"

namespace furl::document {
namespace {

class DocumentTest : public testing::Test {
 protected:
  DocumentTest() {
    app_.name("tool");
    app_.description("Does things. Many.");
    CLI::App* run = app_.add_subcommand("run", "Runs it: quickly.");
    run->add_option("input,-i,--input", text_, "Don't [touch]: a file")->required();
    run->add_option("--mode", text_, "How")->transform(CLI::IsMember({"fast", "slow"}));
    CLI::Option* part = run->add_option("--part", number_, "Some, e.g. half; or all")
                            ->check(CLI::Range(0.5, 2.0))
                            ->capture_default_str();
    run->add_flag("--all", all_, "All")->excludes(part);
    run->add_option("--hidden", text_, "Nothing")->group("");
    run->footer("Examples:\n  tool run .a\n  tool run 'b\\c'");
  }

  CLI::App app_;
  std::string text_;
  double number_ = 1;
  bool all_ = false;
};

TEST_F(DocumentTest, ReadsTheTable) {
  const Command program = ReadTable(app_, {{"tool", "a tool"}});
  EXPECT_EQ(program.summary, "a tool");
  ASSERT_EQ(program.commands.size(), 1u);
  const Command& run = program.commands[0];
  EXPECT_EQ(run.summary, "Runs it");
  ASSERT_EQ(run.options.size(), 5u);  // --help is one, --hidden none
  EXPECT_EQ(run.options[1].names, (std::vector<std::string>{"-i", "--input"}));
  EXPECT_EQ(run.options[1].argument, "input");
  EXPECT_TRUE(run.options[1].required);
  EXPECT_EQ(run.options[2].value, "TEXT");
  EXPECT_EQ(run.options[2].choices, (std::vector<std::string>{"fast", "slow"}));
  EXPECT_EQ(run.options[3].range, "0.5 to 2");
  EXPECT_EQ(run.options[3].standard, "1");
  EXPECT_EQ(run.options[4].value, "");
  EXPECT_EQ(run.options[4].excludes, std::vector<std::string>{"--part"});
}

TEST(Brief, EndsWithTheFirstClause) {
  EXPECT_EQ(Brief("Some, e.g. half; or all"), "Some, e.g. half");
  EXPECT_EQ(Brief("Encrypt (.mkv; not .mp4)"), "Encrypt (.mkv; not .mp4)");
  EXPECT_EQ(Brief("One. Two."), "One");
  const std::string brief = Brief(std::string(70, 'x') + " yyyyyyyyyyyyy");
  EXPECT_EQ(brief, std::string(70, 'x') + "...");
}

TEST(Roff, LeavesNoRequestsAndEscapes) {
  EXPECT_EQ(Roff(".SH 'x' \\n --y"), "\\&.SH \\(aqx\\(aq \\en \\-\\-y");
  EXPECT_EQ(Roff("a\n.b"), "a\n\\&.b");
}

TEST(Roff, KeepsExamplesAsTheyAre) {
  EXPECT_EQ(RoffText("One\ntwo\n\nThree:\n  a  b\n  c\nEnd"),
            "One\ntwo\n.SS Three\n.EX\na  b\nc\n.EE\n.PP\nEnd\n");
}

TEST_F(DocumentTest, PagesSayWhatIsAllowed) {
  const Command program = ReadTable(app_, {});
  const std::string page = CommandPage(program, program.commands[0], {"1.2", "2026-01-02"});
  EXPECT_TRUE(page.starts_with(".TH TOOL\\-RUN 1 2026-01-02 \"tool 1.2\" \"tool manual\"\n"));
  EXPECT_NE(page.find("\\fB\\-\\-part\\fR \\fIFLOAT\\fR\nSome, e.g. half; or all.\n"
                      "Range: 0.5 to 2. Default: 1. Not with \\-\\-all.\n"),
            std::string::npos);
  EXPECT_NE(page.find(".EX\ntool run .a\ntool run \\(aqb\\ec\\(aq\n.EE\n"), std::string::npos);
  EXPECT_EQ(page.find("hidden"), std::string::npos);
}

TEST_F(DocumentTest, CompletionsQuote) {
  const Command program = ReadTable(app_, {});
  EXPECT_NE(ZshCompletion(program).find(
                "'(-i --input)--input=[Don'\\''t \\[touch\\]\\: a file]:TEXT:_files'"),
            std::string::npos);
  EXPECT_NE(FishCompletion(program).find("-s i -l input -r -F -d 'Don\\'t [touch]: a file'"),
            std::string::npos);
  EXPECT_NE(BashCompletion(program).find("--mode) words='fast slow' ;;"), std::string::npos);
  EXPECT_NE(BashCompletion(program).find("--part) ;;"), std::string::npos);
}

}  // namespace
}  // namespace furl::document
