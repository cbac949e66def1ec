// What is stored comes back; what a stranger put into an index is refused.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include "base/file.h"
#include "session/search/shot_store.h"

namespace furl::session {
namespace {

class SqliteStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = ::testing::TempDir() + "furl store test #1?.db";  // what an URI must not take for more
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  static StoredShot ShotAt(double begin, int8_t value) {
    StoredShot shot;
    shot.begin = begin;
    shot.end = begin + 2;
    shot.vector.fill(value);
    shot.picture = std::string(kPictureStart) + "AbC+/w==";
    return shot;
  }

  // Two files with two shots and one.
  void Make() {
    auto store = ShotStore::Edit(path_).value();
    const StoredShot shots[] = {ShotAt(0, 1), ShotAt(2, -127)};
    ASSERT_TRUE(store->Replace({0, "/videos/b.mkv", 100, 5, 4.0}, shots).ok());
    ASSERT_TRUE(store->Replace({0, "/videos/a.mkv", 200, 6, 2.0}, {shots, 1}).ok());
    ASSERT_TRUE(store->Save(path_).ok());
  }

  // Changes the index as anybody could.
  void Run(const char* sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path_.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }

  // The first error of whoever reads all of it.
  Status ReadAll() const {
    FURL_ASSIGN_OR_RETURN(const auto store, ShotStore::Open(path_));
    FURL_RETURN_IF_ERROR(store->Files().status());
    FURL_ASSIGN_OR_RETURN(const analysis::ShotTable table, store->Shots());
    for (const analysis::ShotTable::Row& row : table.rows) {
      FURL_RETURN_IF_ERROR(store->Picture(row.id).status());
    }
    return OkStatus();
  }

  std::string path_;
};

TEST_F(SqliteStoreTest, WhatIsStoredComesBack) {
  Make();
  const auto store = ShotStore::Open(path_).value();
  const auto files = store->Files().value();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].path, "/videos/a.mkv");
  EXPECT_EQ(files[1].path, "/videos/b.mkv");
  EXPECT_EQ(files[1].bytes, 100);
  EXPECT_EQ(files[1].modified, 5);
  EXPECT_EQ(files[1].seconds, 4.0);
  const analysis::ShotTable table = store->Shots().value();
  ASSERT_EQ(table.rows.size(), 3u);
  ASSERT_EQ(table.vectors.size(), 3u * analysis::kVectorSize);
  EXPECT_EQ(table.rows[0].file, files[1].id);
  EXPECT_EQ(table.rows[1].begin, 2.0);
  EXPECT_EQ(table.rows[1].end, 4.0);
  EXPECT_EQ(table.vectors[analysis::kVectorSize], -127);
  EXPECT_EQ(store->Picture(table.rows[2].id).value(), std::string(kPictureStart) + "AbC+/w==");
  EXPECT_FALSE(store->Picture(12345).ok());
}

TEST_F(SqliteStoreTest, FilesAreReplacedAndRemoved) {
  Make();
  auto store = ShotStore::Edit(path_).value();
  const StoredShot shots[] = {ShotAt(1, 9)};
  ASSERT_TRUE(store->Replace({0, "/videos/b.mkv", 300, 7, 9.0}, shots).ok());
  const auto files = store->Files().value();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[1].bytes, 300);
  EXPECT_EQ(store->Shots()->rows.size(), 2u);
  ASSERT_TRUE(store->Remove(files[0].id).ok());
  EXPECT_EQ(store->Shots()->rows.size(), 1u);
  // Nothing is changed before it is saved.
  EXPECT_EQ(ShotStore::Open(path_).value()->Shots()->rows.size(), 3u);
  ASSERT_TRUE(store->Save(path_).ok());
  EXPECT_EQ(ShotStore::Open(path_).value()->Shots()->rows.size(), 1u);
}

TEST_F(SqliteStoreTest, ForeignRowsAreRefused) {
  const char* const kChanges[] = {
      "UPDATE shots SET vector = x'0102'",
      "UPDATE shots SET vector = zeroblob(1000000)",
      "UPDATE shots SET vector = 'text' WHERE id = 2",
      "UPDATE shots SET vector = replace(vector, x'81', x'80')",  // -127 to -128
      "UPDATE shots SET begin = 9e99",
      "UPDATE shots SET \"end\" = -1 WHERE begin > 1",
      "UPDATE shots SET begin = 'now'",
      "UPDATE shots SET picture = 'data:text/html,<script>'",
      "UPDATE shots SET picture = 'data:image/jpeg;base64,\" onerror=\"x'",
      "UPDATE files SET path = 'https://example.com/x.m3u8' WHERE bytes = 100",
      "UPDATE files SET path = '' WHERE bytes = 100",
      "UPDATE files SET bytes = -1",
      "UPDATE files SET modified = 'x'",
      "CREATE TRIGGER t AFTER INSERT ON files BEGIN DELETE FROM shots; END",
      "CREATE VIEW v AS SELECT * FROM files",
      "DROP INDEX shots_of_files",
      "PRAGMA application_id = 1",
  };
  for (const char* change : kChanges) {
    std::filesystem::remove(path_);
    Make();
    ASSERT_TRUE(ReadAll().ok()) << change;
    Run(change);
    const Status status = ReadAll();
    EXPECT_EQ(status.code(), StatusCode::kInvalidStream) << change << ": " << status.message();
  }
  std::filesystem::remove(path_);
  Make();
  Run("PRAGMA user_version = 99");
  EXPECT_EQ(ReadAll().code(), StatusCode::kUnsupported);
}

TEST_F(SqliteStoreTest, DamagedFilesAreRefusedOrWhole) {
  Make();
  const std::vector<uint8_t> good = ReadFile(path_, 1 << 20).value();
  std::mt19937 random(3);
  int refused = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<uint8_t> bad = good;
    if (round % 4 == 0) bad.resize(random() % bad.size());
    for (int i = 0; i < 8 && !bad.empty(); ++i) {
      bad[random() % bad.size()] = static_cast<uint8_t>(random());
    }
    ASSERT_TRUE(WriteFile(path_, bad).ok());
    const Status status = ReadAll();
    refused += status.ok() ? 0 : 1;
    EXPECT_FALSE(!status.ok() && status.message().empty());
  }
  EXPECT_GT(refused, 50);
}

TEST_F(SqliteStoreTest, ErrorsNameTheFile) {
  const auto none = ShotStore::Open("/nowhere/x.db");
  EXPECT_EQ(none.status().code(), StatusCode::kIo);
  EXPECT_NE(none.status().message().find("/nowhere/x.db"), std::string::npos);
  std::ofstream(path_) << "this is no index, but a text that is long enough to be looked at";
  EXPECT_EQ(ShotStore::Open(path_).status().code(), StatusCode::kInvalidStream);
  EXPECT_EQ(ShotStore::Edit(path_).status().code(), StatusCode::kInvalidStream);
}

}  // namespace
}  // namespace furl::session
