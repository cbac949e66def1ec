// ShotStore on SQLite: one file that other programs can read, too.

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "media/output_file.h"
#include "session/search/shot_store.h"
#include "session/search/sqlite/database.h"

namespace furl::session {
namespace {

constexpr int64_t kApplication = 0x6675726c;  // "furl": what tells such a file from others

// Texts as they are in the file: one that has others was not made here.
constexpr std::array<const char*, 3> kSchema = {
    "CREATE TABLE files(id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, "
    "modified INTEGER NOT NULL, seconds REAL NOT NULL)",
    "CREATE TABLE shots(id INTEGER PRIMARY KEY, file INTEGER NOT NULL, begin REAL NOT NULL, "
    "\"end\" REAL NOT NULL, vector BLOB NOT NULL, picture TEXT NOT NULL)",
    "CREATE INDEX shots_of_files ON shots(file, begin)"};

Result<int64_t> OneNumber(const Database& database, const char* sql) {
  FURL_ASSIGN_OR_RETURN(Statement statement, database.Prepare(sql));
  FURL_ASSIGN_OR_RETURN(const bool row, statement.Step());
  if (!row) return InvalidStream("a number is missing");
  return statement.Int(0);
}

// A file of this version, with nothing in it but its tables.
Status CheckSchema(const Database& database) {
  FURL_ASSIGN_OR_RETURN(const int64_t application, OneNumber(database, "PRAGMA application_id"));
  if (application != kApplication) return InvalidStream("it is no index that furl made");
  FURL_ASSIGN_OR_RETURN(const int64_t version, OneNumber(database, "PRAGMA user_version"));
  if (version != analysis::kDescriptorVersion) {
    return Unsupported("the index is of version " + std::to_string(version) + ", this is " +
                       std::to_string(analysis::kDescriptorVersion) +
                       "; index the videos anew in another file");
  }
  FURL_ASSIGN_OR_RETURN(Statement statement,
                        database.Prepare("SELECT sql FROM sqlite_schema WHERE sql NOT NULL"));
  size_t known = 0;
  for (;;) {
    FURL_ASSIGN_OR_RETURN(const bool row, statement.Step());
    if (!row) break;
    FURL_ASSIGN_OR_RETURN(const std::string sql, statement.Text(0));
    if (std::find(kSchema.begin(), kSchema.end(), sql) == kSchema.end()) {
      return InvalidStream("the index holds something that furl did not make");
    }
    ++known;
  }
  return known == kSchema.size() ? OkStatus() : InvalidStream("the index lacks a table");
}

class SqliteStore : public ShotStore {
 public:
  explicit SqliteStore(Database database) : database_(std::move(database)) {}

  Result<std::vector<StoredFile>> Files() override {
    FURL_ASSIGN_OR_RETURN(
        Statement rows,
        database_.Prepare("SELECT id, path, bytes, modified, seconds FROM files ORDER BY path"));
    std::vector<StoredFile> files;
    for (;;) {
      FURL_ASSIGN_OR_RETURN(const bool row, rows.Step());
      if (!row) return files;
      StoredFile file;
      FURL_ASSIGN_OR_RETURN(file.id, rows.Int(0));
      FURL_ASSIGN_OR_RETURN(file.path, rows.Text(1));
      FURL_ASSIGN_OR_RETURN(file.bytes, rows.Int(2));
      FURL_ASSIGN_OR_RETURN(file.modified, rows.Int(3));
      FURL_ASSIGN_OR_RETURN(file.seconds, rows.Real(4));
      FURL_RETURN_IF_ERROR(CheckFile(file).WithContext("file " + std::to_string(file.id)));
      files.push_back(std::move(file));
    }
  }

  Result<analysis::ShotTable> Shots() override {
    FURL_ASSIGN_OR_RETURN(
        Statement rows,
        database_.Prepare(
            "SELECT id, file, begin, \"end\", vector FROM shots ORDER BY file, begin"));
    analysis::ShotTable table;
    for (;;) {
      FURL_ASSIGN_OR_RETURN(const bool row, rows.Step());
      if (!row) return table;
      if (static_cast<int64_t>(table.rows.size()) >= kMostShots) {
        return LimitExceeded("more than " + std::to_string(kMostShots) + " shots");
      }
      FURL_RETURN_IF_ERROR(AddRow(&rows, &table));
    }
  }

  Result<std::string> Picture(int64_t row) override {
    FURL_ASSIGN_OR_RETURN(Statement rows,
                          database_.Prepare("SELECT picture FROM shots WHERE id = ?"));
    rows.Bind(0, row);
    FURL_ASSIGN_OR_RETURN(const bool found, rows.Step());
    if (!found) return InvalidArgument("there is no such shot");
    FURL_ASSIGN_OR_RETURN(std::string picture, rows.Text(0));
    FURL_RETURN_IF_ERROR(CheckPicture(picture).WithContext("shot " + std::to_string(row)));
    return picture;
  }

  Status Replace(const StoredFile& file, std::span<const StoredShot> shots) override {
    FURL_RETURN_IF_ERROR(database_.Run("BEGIN"));
    const Status status = ReplaceAll(file, shots);
    if (status.ok()) return database_.Run("COMMIT");
    (void)database_.Run("ROLLBACK");
    return status;
  }

  Status Remove(int64_t file) override {
    for (const char* sql : {"DELETE FROM shots WHERE file = ?", "DELETE FROM files WHERE id = ?"}) {
      FURL_ASSIGN_OR_RETURN(Statement statement, database_.Prepare(sql));
      statement.Bind(0, file);
      FURL_RETURN_IF_ERROR(statement.Finish());
    }
    return OkStatus();
  }

  Status Save(const std::string& path) override {
    FURL_RETURN_IF_ERROR(database_.Run("VACUUM"));
    FURL_ASSIGN_OR_RETURN(const std::span<const uint8_t> bytes, database_.Serialize());
    return media::WriteOutput(path, bytes, /*overwrite=*/true);
  }

 private:
  static Status AddRow(Statement* rows, analysis::ShotTable* table) {
    analysis::ShotTable::Row row;
    FURL_ASSIGN_OR_RETURN(row.id, rows->Int(0));
    const std::string place = "shot " + std::to_string(row.id);
    FURL_ASSIGN_OR_RETURN(row.file, rows->Int(1));
    FURL_ASSIGN_OR_RETURN(row.begin, rows->Real(2));
    FURL_ASSIGN_OR_RETURN(row.end, rows->Real(3));
    FURL_RETURN_IF_ERROR(CheckTimes(row.begin, row.end).WithContext(place));
    FURL_ASSIGN_OR_RETURN(const std::span<const uint8_t> vector, rows->Bytes(4));
    FURL_RETURN_IF_ERROR(CheckVector(vector).WithContext(place));
    table->rows.push_back(row);
    for (const uint8_t byte : vector) table->vectors.push_back(static_cast<int8_t>(byte));
    return OkStatus();
  }

  Status ReplaceAll(const StoredFile& file, std::span<const StoredShot> shots) {
    FURL_ASSIGN_OR_RETURN(Statement old, database_.Prepare("SELECT id FROM files WHERE path = ?"));
    old.Bind(0, file.path);
    FURL_ASSIGN_OR_RETURN(const bool found, old.Step());
    if (found) {
      FURL_ASSIGN_OR_RETURN(const int64_t id, old.Int(0));
      old.Reset();
      FURL_RETURN_IF_ERROR(Remove(id));
    }
    FURL_ASSIGN_OR_RETURN(
        Statement add_file,
        database_.Prepare("INSERT INTO files(path, bytes, modified, seconds) VALUES(?, ?, ?, ?)"));
    add_file.Bind(0, file.path);
    add_file.Bind(1, file.bytes);
    add_file.Bind(2, file.modified);
    add_file.Bind(3, file.seconds);
    FURL_RETURN_IF_ERROR(add_file.Finish());
    FURL_ASSIGN_OR_RETURN(const int64_t id, OneNumber(database_, "SELECT last_insert_rowid()"));
    FURL_ASSIGN_OR_RETURN(
        Statement add_shot,
        database_.Prepare("INSERT INTO shots(file, begin, \"end\", vector, picture) "
                          "VALUES(?, ?, ?, ?, ?)"));
    for (const StoredShot& shot : shots) {
      add_shot.Bind(0, id);
      add_shot.Bind(1, shot.begin);
      add_shot.Bind(2, shot.end);
      add_shot.Bind(3, std::span<const int8_t>(shot.vector));
      add_shot.Bind(4, shot.picture);
      FURL_RETURN_IF_ERROR(add_shot.Finish());
    }
    return OkStatus();
  }

  Database database_;
};

Result<Database> OpenChecked(const std::string& path) {
  FURL_ASSIGN_OR_RETURN(Database database, Database::Open(path));
  FURL_RETURN_IF_ERROR(CheckSchema(database));
  return database;
}

}  // namespace

Result<std::unique_ptr<ShotStore>> ShotStore::Open(const std::string& path) {
  Result<Database> database = OpenChecked(path);
  if (!database.ok()) return database.status().WithContext(path);
  return std::unique_ptr<ShotStore>(std::make_unique<SqliteStore>(std::move(*database)));
}

Result<std::unique_ptr<ShotStore>> ShotStore::Edit(const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) {
    const Result<Database> database = OpenChecked(path);
    if (!database.ok()) return database.status().WithContext(path);
    FURL_ASSIGN_OR_RETURN(Database copy, database->Copy());
    return std::unique_ptr<ShotStore>(std::make_unique<SqliteStore>(std::move(copy)));
  }
  FURL_ASSIGN_OR_RETURN(Database database, Database::Create());
  for (const char* sql : kSchema) FURL_RETURN_IF_ERROR(database.Run(sql));
  const std::string numbers =
      "PRAGMA application_id = " + std::to_string(kApplication) +
      "; PRAGMA user_version = " + std::to_string(analysis::kDescriptorVersion);
  FURL_RETURN_IF_ERROR(database.Run(numbers.c_str()));
  return std::unique_ptr<ShotStore>(std::make_unique<SqliteStore>(std::move(database)));
}

}  // namespace furl::session
