#include "session/search/sqlite/database.h"

#include <cctype>
#include <utility>

namespace furl::session {
namespace {

// A value that is longer is refused before there is memory for it.
constexpr int kMostValueBytes = 1 << 20;

Status StatusOf(sqlite3* handle, int code) {
  const std::string message = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_NOMEM: return {StatusCode::kOutOfMemory, "out of memory"};
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_PERM:
    case SQLITE_AUTH: return IoError(message);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_TOOBIG: return InvalidStream(message);
    default: return InternalError(message);
  }
}

// As the part of an URI behind "file:".
std::string Escaped(const std::string& path) {
  static const char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char c : path) {
    if (std::isalnum(c) != 0 || c == '/' || c == '.' || c == '-' || c == '_') {
      text += static_cast<char>(c);
    } else {
      text += '%';
      text += kDigits[c >> 4];
      text += kDigits[c & 15];
    }
  }
  return text;
}

}  // namespace

void Statement::Bind(int parameter, const std::string& text) {
  sqlite3_bind_text64(get(), parameter + 1, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::Bind(int parameter, std::span<const int8_t> bytes) {
  sqlite3_bind_blob64(get(), parameter + 1, bytes.data(), bytes.size(), SQLITE_STATIC);
}

Result<bool> Statement::Step() {
  const int code = sqlite3_step(get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return StatusOf(sqlite3_db_handle(get()), code);
}

Status Statement::Finish() {
  const Result<bool> row = Step();
  Reset();
  if (row.ok() && *row) return InternalError("a statement gave a row");
  return row.status();
}

Status Statement::Expect(int column, int type) const {
  if (sqlite3_column_type(get(), column) == type) return OkStatus();
  return InvalidStream(std::string("column ") + sqlite3_column_name(get(), column) +
                       " has a value of another type");
}

Result<int64_t> Statement::Int(int column) {
  FURL_RETURN_IF_ERROR(Expect(column, SQLITE_INTEGER));
  return sqlite3_column_int64(get(), column);
}

Result<double> Statement::Real(int column) {
  FURL_RETURN_IF_ERROR(Expect(column, SQLITE_FLOAT));
  return sqlite3_column_double(get(), column);
}

Result<std::string> Statement::Text(int column) {
  FURL_RETURN_IF_ERROR(Expect(column, SQLITE_TEXT));
  const unsigned char* const text = sqlite3_column_text(get(), column);
  if (text == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  const auto size = static_cast<size_t>(sqlite3_column_bytes(get(), column));
  return std::string(reinterpret_cast<const char*>(text), size);
}

Result<std::span<const uint8_t>> Statement::Bytes(int column) {
  FURL_RETURN_IF_ERROR(Expect(column, SQLITE_BLOB));
  const auto* const bytes = static_cast<const uint8_t*>(sqlite3_column_blob(get(), column));
  const auto size = static_cast<size_t>(sqlite3_column_bytes(get(), column));
  return std::span<const uint8_t>(bytes, bytes != nullptr ? size : 0);
}

Result<Database> Database::OpenAs(const std::string& name, int flags) {
  Database database;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  database.handle_.reset(handle);
  if (code != SQLITE_OK) return StatusOf(handle, code);
  // What SQLite's own page on files of strangers asks for.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kMostValueBytes);
  FURL_RETURN_IF_ERROR(database.Run("PRAGMA cell_size_check = ON"));
  FURL_RETURN_IF_ERROR(database.Run("PRAGMA mmap_size = 0"));
  FURL_RETURN_IF_ERROR(database.Run("PRAGMA temp_store = MEMORY"));
  return database;
}

Result<Database> Database::Open(const std::string& path) {
  const std::string absolute = path.starts_with('/') ? path : "./" + path;
  return OpenAs("file:" + Escaped(absolute) + "?immutable=1",
                SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

Result<Database> Database::Create() {
  return OpenAs(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

Result<Database> Database::Copy() const {
  FURL_ASSIGN_OR_RETURN(Database copy, Create());
  sqlite3_backup* const backup =
      sqlite3_backup_init(copy.handle_.get(), "main", handle_.get(), "main");
  if (backup == nullptr) {
    return StatusOf(copy.handle_.get(), sqlite3_errcode(copy.handle_.get()));
  }
  const int stepped = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (stepped != SQLITE_DONE) return StatusOf(nullptr, stepped);
  if (finished != SQLITE_OK) return StatusOf(copy.handle_.get(), finished);
  return copy;
}

Status Database::Run(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? OkStatus() : StatusOf(handle_.get(), code);
}

Result<Statement> Database::Prepare(const char* sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle_.get(), sql, -1, &statement, nullptr);
  if (code != SQLITE_OK) return StatusOf(handle_.get(), code);
  return Statement(statement);
}

Result<std::span<const uint8_t>> Database::Serialize() {
  sqlite3_int64 size = 0;
  bytes_.reset(sqlite3_serialize(handle_.get(), "main", &size, 0));
  if (bytes_ == nullptr) return Status(StatusCode::kOutOfMemory, "out of memory");
  return std::span<const uint8_t>(bytes_.get(), static_cast<size_t>(size));
}

}  // namespace furl::session
