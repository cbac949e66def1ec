// Decodes the wide set of conformance streams (wide_cases.h) and compares streams and pictures with
// a table:
//
//   furl_check_streams FOLDER TABLE THREADS...     FOLDER: what furl_make_streams --wide has
//   written furl_check_streams --write FOLDER TABLE        writes the table anew
//
// A line of the table: name, hash of the stream's bytes, frames, hash of the hashes of its
// pictures. FURL_CPU says what instructions are used.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "conformance/streams.h"
#include "conformance/wide_cases.h"
#include "support/short_hash.h"

namespace furl::test {
namespace {

Result<std::string> LineOf(const ConformanceCase& c, const std::string& folder, int threads) {
  FURL_ASSIGN_OR_RETURN(const auto bytes,
                        ReadFile(folder + "/" + c.name + ".furl", size_t{1} << 20));
  FURL_ASSIGN_OR_RETURN(const FamilyPtr family, FamilyOf(c.name));
  std::string hashes;
  int frames = 0;
  DecoderSettings settings;
  settings.threads = threads;
  const auto take = [&](const Result<ConstFramePtr>& picture) {
    if (!picture.ok()) return picture.status();
    hashes += std::to_string(FrameHash(**picture)) + "\n";
    ++frames;
    return OkStatus();
  };
  FURL_RETURN_IF_ERROR(DecodeStream(c, family, settings, take, folder));
  return std::string(c.name) + "," + ShortHash(bytes) + "," + std::to_string(frames) + "," +
         ShortHash(hashes);
}

// The table's lines by their names.
std::map<std::string, std::string> ReadTable(const std::string& path) {
  std::map<std::string, std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines[line.substr(0, line.find(','))] = line;
  return lines;
}

int WriteTable(const std::string& folder, const std::string& path) {
  std::ofstream table(path);
  for (const WideCase& c : WideCases()) {
    const Result<std::string> line = LineOf(c.stream, folder, 1);
    if (!line.ok()) {
      std::fprintf(stderr, "%s: %s\n", c.stream.name, line.status().message().c_str());
      return 1;
    }
    table << *line << '\n';
  }
  return table.flush() ? 0 : 1;
}

// How many of all streams are not as the table says, with so many threads.
int CountWrong(const std::string& folder, const std::map<std::string, std::string>& table,
               int threads) {
  int wrong = 0;
  for (const WideCase& c : WideCases()) {
    const auto wanted = table.find(c.stream.name);
    const Result<std::string> line = LineOf(c.stream, folder, threads);
    if (line.ok() && wanted != table.end() && *line == wanted->second) continue;
    ++wrong;
    std::fprintf(stderr, "%d threads: %s, wanted %s\n", threads,
                 line.ok() ? line->c_str() : line.status().message().c_str(),
                 wanted == table.end() ? "nothing of that name" : wanted->second.c_str());
  }
  return wrong;
}

int Check(const std::string& folder, const std::string& path, const std::vector<int>& threads) {
  const auto table = ReadTable(path);
  if (table.size() != WideCases().size()) {
    std::fprintf(stderr, "%s has %zu lines, not %zu\n", path.c_str(), table.size(),
                 WideCases().size());
    return 1;
  }
  int wrong = 0;
  for (const int count : threads) wrong += CountWrong(folder, table, count);
  std::printf("%zu streams, %zu times each, %d wrong\n", table.size(), threads.size(), wrong);
  return wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace furl::test

int main(int argc, char** argv) {
  using namespace furl::test;
  if (argc == 4 && argv[1] == std::string("--write")) return WriteTable(argv[2], argv[3]);
  if (argc < 4) {
    std::fprintf(stderr, "usage: %s FOLDER TABLE THREADS... | --write FOLDER TABLE\n", argv[0]);
    return 2;
  }
  std::vector<int> threads;
  for (int i = 3; i < argc; ++i) threads.push_back(std::atoi(argv[i]));
  return Check(argv[1], argv[2], threads);
}
