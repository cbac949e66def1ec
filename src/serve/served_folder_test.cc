#include "serve/served_folder.h"

#include <sys/stat.h>

#include "serve/listing.h"
#include "serve/serve_test_util.h"

namespace furl::serve {
namespace {

using Names = std::vector<std::string>;

class ServedFolderTest : public ServeTest {
 protected:
  // What the file says, or "-" where it isn't opened.
  std::string Read(const Names& names) const {
    const auto folder = ServedFolder::Open(root_);
    EXPECT_TRUE(folder.ok());
    const auto file = folder->OpenFile(names);
    if (!file.ok()) return "-";
    if (file->folder) return "folder";
    char text[100];
    const ssize_t size = read(file->descriptor.get(), text, sizeof(text));
    EXPECT_EQ(size, file->version.size);
    return std::string(text, static_cast<size_t>(size));
  }
};

TEST_F(ServedFolderTest, FilesAndFolders) {
  Write("a/b.txt", "deep");
  EXPECT_EQ(Read({"a", "b.txt"}), "deep");
  EXPECT_EQ(Read({"a"}), "folder");
  EXPECT_EQ(Read({}), "folder");
  EXPECT_EQ(Read({"a", "b.txt", "c"}), "-");
  EXPECT_EQ(Read({"none"}), "-");
  EXPECT_EQ(ServedFolder::Open(root_ + "/a/b.txt").status().code(), StatusCode::kIo);
}

TEST_F(ServedFolderTest, LinksStayInside) {
  std::ofstream(outside_ + "/secret") << "secret";
  Write("a/b.txt", "inside");
  Link("to_file", "a/b.txt");
  Link("a/up", "../to_file");
  Link("to_folder", "./a");
  Link("out", "../secret");
  Link("a/out", "../../root/../secret");
  Link("absolute", outside_ + "/secret");
  Link("absolute_inside", root_ + "/a/b.txt");
  Link("loop", "loop");
  Link("round", "../root/a/b.txt");
  EXPECT_EQ(Read({"to_file"}), "inside");
  EXPECT_EQ(Read({"a", "up"}), "inside");
  EXPECT_EQ(Read({"to_folder", "b.txt"}), "inside");
  for (const char* name : {"out", "absolute", "absolute_inside", "loop", "round"}) {
    EXPECT_EQ(Read({name}), "-") << name;
  }
  EXPECT_EQ(Read({"a", "out"}), "-");
  EXPECT_EQ(Read({"..", "secret"}), "-");
}

TEST_F(ServedFolderTest, PipesAreNotOpened) {
  ASSERT_EQ(mkfifo((root_ + "/pipe").c_str(), 0600), 0);
  EXPECT_EQ(Read({"pipe"}), "-");
}

TEST_F(ServedFolderTest, ListsWhatItServes) {
  Write("b.mkv", "x");
  Write("a.txt", "xy");
  Write("c/d", "");
  Write(".hidden", "");
  Write("b.mkv.furl-part", "");
  Link("out", "..");
  const auto folder = ServedFolder::Open(root_);
  const auto list = folder->List({});
  ASSERT_TRUE(list.ok());
  Names names;
  for (const FolderEntry& entry : list->entries) names.push_back(entry.name);
  EXPECT_EQ(names, (Names{"c", "a.txt", "b.mkv"}));
  EXPECT_TRUE(list->entries[0].folder);
  EXPECT_EQ(list->entries[1].version.size, 2);
  EXPECT_FALSE(list->cut);
  EXPECT_FALSE(folder->List({"a.txt"}).ok());
}

TEST_F(ServedFolderTest, ListsAreBounded) {
  for (size_t i = 0; i <= kMostEntries; ++i) Write(std::to_string(i), "");
  const auto list = ServedFolder::Open(root_)->List({});
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->entries.size(), kMostEntries);
  EXPECT_TRUE(list->cut);
}

TEST_F(ServedFolderTest, PackagesAndVideosArePlayed) {
  const std::string master = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nv.m3u8\n";
  Write("pack/master.m3u8", master);
  Write("pack/v.m3u8", "#EXTM3U\n");
  Write("pack/v0.mkv", "");
  Write("bare/only.m3u8", "#EXTM3U\n");
  Write("none/x.txt", "");
  Write("film.mkv", "");
  const auto root = ServedFolder::Open(root_);
  const auto titles = [&](const Names& names) {
    Names all;
    const auto listing = ListFolder(*root, names);
    for (const Playable& playable : listing->playables) {
      all.push_back(playable.title);
    }
    return all;
  };
  EXPECT_EQ(titles({}), (Names{"bare", "pack", "film.mkv"}));
  EXPECT_EQ(titles({"pack"}), (Names{"master.m3u8"}));
  EXPECT_EQ(titles({"none"}), (Names{}));
  EXPECT_EQ(ListFolder(*root, {})->playables[1].names, (Names{"pack", "master.m3u8"}));
  EXPECT_FALSE(ListFolder(*root, {"missing"}).ok());
}

}  // namespace
}  // namespace furl::serve
