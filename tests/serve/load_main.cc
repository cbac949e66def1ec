// Many clients at once: each connects, waits until all have, and then asks for a file again and
// again on its connection, every second time for a part of it. What comes is compared with the
// file. Prints one JSON object; exit code 1 if anything failed.
//
// usage: furl_serve_load PORT PATH FILE CLIENTS REQUESTS     (requests of each client)

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/file.h"

namespace furl {
namespace {

using Clock = std::chrono::steady_clock;

struct Load {
  int port;
  std::string path;
  std::vector<uint8_t> file;
  int clients;
  int requests;
};

// What all clients saw.
struct Totals {
  std::atomic<int64_t> failures{0};
  std::atomic<int64_t> bytes{0};
  std::vector<double> milliseconds;  // of each request: clients * requests
};

int Connect(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return fd;
  close(fd);
  return -1;
}

// Sends a request and compares the body with bytes [first, end) of the file.
bool Ask(int fd, const Load& load, size_t first, size_t end, std::vector<char>* buffer) {
  const bool part = first > 0;
  std::string request = "GET " + load.path + " HTTP/1.1\r\nHost: localhost\r\n";
  if (part) {
    request += "Range: bytes=" + std::to_string(first) + "-" + std::to_string(end - 1) + "\r\n";
  }
  request += "\r\n";
  if (write(fd, request.data(), request.size()) != static_cast<ssize_t>(request.size())) {
    return false;
  }
  std::string head;
  size_t at = first;
  while (head.empty() || at < end) {
    static constexpr std::string_view kEnd = "\r\n\r\n";
    const ssize_t got = read(fd, buffer->data(), buffer->size());
    if (got <= 0) return false;
    std::string_view bytes(buffer->data(), static_cast<size_t>(got));
    if (head.empty()) {
      const size_t blank = bytes.find(kEnd);  // heads are short: they come in one piece
      if (blank == std::string_view::npos) return false;
      head = bytes.substr(0, blank);
      if (!head.starts_with(part ? "HTTP/1.1 206" : "HTTP/1.1 200")) return false;
      bytes.remove_prefix(blank + kEnd.size());
    }
    if (bytes.size() > end - at ||
        !std::equal(bytes.begin(), bytes.end(), load.file.begin() + static_cast<ptrdiff_t>(at),
                    [](char a, uint8_t b) { return static_cast<uint8_t>(a) == b; })) {
      return false;
    }
    at += bytes.size();
  }
  return true;
}

void RunClient(int client, const Load& load, std::barrier<>* all_connected, Totals* totals) {
  const int fd = Connect(load.port);
  all_connected->arrive_and_wait();
  std::vector<char> buffer(size_t{1} << 16);
  const size_t size = load.file.size();
  for (int i = 0; i < load.requests; ++i) {
    const bool part = i % 2 == 1 && size > 1;
    const size_t first = part ? 1 + static_cast<size_t>(client * 7919 + i) % (size - 1) : 0;
    const auto start = Clock::now();
    if (fd < 0 || !Ask(fd, load, first, size, &buffer)) {
      totals->failures += load.requests - i;
      break;
    }
    totals->bytes += static_cast<int64_t>(size - first);
    totals->milliseconds[static_cast<size_t>(client * load.requests + i)] =
        std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  }
  if (fd >= 0) close(fd);
}

int Run(const Load& load) {
  Totals totals;
  totals.milliseconds.resize(static_cast<size_t>(load.clients) * load.requests);
  std::barrier all_connected(load.clients + 1);
  std::vector<std::thread> threads;
  for (int client = 0; client < load.clients; ++client) {
    threads.emplace_back([&, client] { RunClient(client, load, &all_connected, &totals); });
  }
  all_connected.arrive_and_wait();
  const auto start = Clock::now();
  for (std::thread& thread : threads) thread.join();
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::sort(totals.milliseconds.begin(), totals.milliseconds.end());
  const size_t count = totals.milliseconds.size();
  std::printf(
      "{\"clients\": %d, \"requests\": %zu, \"failures\": %lld, \"file_bytes\": %zu, "
      "\"seconds\": %.3f, \"requests_per_second\": %.1f, \"megabytes_per_second\": %.1f, "
      "\"median_ms\": %.2f, \"p99_ms\": %.2f}\n",
      load.clients, count, static_cast<long long>(totals.failures), load.file.size(), seconds,
      static_cast<double>(count) / seconds, static_cast<double>(totals.bytes) / seconds / 1e6,
      totals.milliseconds[count / 2], totals.milliseconds[count - 1 - count / 100]);
  return totals.failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace furl

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: %s PORT PATH FILE CLIENTS REQUESTS\n", argv[0]);
    return 2;
  }
  auto file = furl::ReadFile(argv[3], size_t{1} << 30);
  const furl::Load load = {std::atoi(argv[1]), argv[2],
                           file.ok() ? std::move(*file) : std::vector<uint8_t>(),
                           std::atoi(argv[4]), std::atoi(argv[5])};
  if (load.file.empty() || load.clients < 1 || load.requests < 1) {
    std::fprintf(stderr, "%s: nothing to ask for\n", argv[0]);
    return 2;
  }
  return furl::Run(load);
}
