// Database: SQLite behind furl's errors, set up for files of strangers.

#ifndef FURL_SESSION_SEARCH_SQLITE_DATABASE_H_
#define FURL_SESSION_SEARCH_SQLITE_DATABASE_H_

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/status.h"

namespace furl::session {

// A prepared statement. Columns and parameters count from 0.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  void Bind(int parameter, int64_t value) { sqlite3_bind_int64(get(), parameter + 1, value); }
  void Bind(int parameter, double value) { sqlite3_bind_double(get(), parameter + 1, value); }
  // Borrowed until the next step.
  void Bind(int parameter, const std::string& text);
  void Bind(int parameter, std::span<const int8_t> bytes);

  // True: there is a row. kInvalidStream where the file is damaged.
  Result<bool> Step();
  // Steps through all rows, which there should be none of, and makes ready for the next use.
  Status Finish();
  void Reset() { sqlite3_reset(get()); }

  // kInvalidStream where the value is of another type.
  Result<int64_t> Int(int column);
  Result<double> Real(int column);
  Result<std::string> Text(int column);
  // Valid until the next step.
  Result<std::span<const uint8_t>> Bytes(int column);

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  sqlite3_stmt* get() const { return statement_.get(); }
  Status Expect(int column, int type) const;

  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
};

class Database {
 public:
  // Read only, and as it was when it was opened: files like this are replaced, never changed.
  static Result<Database> Open(const std::string& path);
  // Empty, in memory.
  static Result<Database> Create();
  // A copy in memory.
  Result<Database> Copy() const;

  Status Run(const char* sql);
  Result<Statement> Prepare(const char* sql) const;
  // Of the copy, as a file has them.
  Result<std::span<const uint8_t>> Serialize();

 private:
  struct Closer {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  struct Freer {
    void operator()(unsigned char* bytes) const { sqlite3_free(bytes); }
  };

  static Result<Database> OpenAs(const std::string& name, int flags);

  std::unique_ptr<sqlite3, Closer> handle_;
  std::unique_ptr<unsigned char, Freer> bytes_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_SEARCH_SQLITE_DATABASE_H_
