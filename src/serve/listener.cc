#include "serve/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace furl::serve {
namespace {

constexpr int kBacklog = 1024;
constexpr char kLoopback[] = "127.0.0.1";

// Either kind of address, as the system wants it.
struct SystemAddress {
  sockaddr_storage storage = {};
  socklen_t size = 0;

  bool Fill(const std::string& host, int port) {
    auto* const v4 = reinterpret_cast<sockaddr_in*>(&storage);
    auto* const v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
      v4->sin_family = AF_INET;
      v4->sin_port = htons(static_cast<uint16_t>(port));
      size = sizeof(*v4);
    } else if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
      v6->sin6_family = AF_INET6;
      v6->sin6_port = htons(static_cast<uint16_t>(port));
      size = sizeof(*v6);
    }
    return size > 0;
  }
  bool IsV6() const { return storage.ss_family == AF_INET6; }
  bool IsLoopback() const {
    if (IsV6()) {
      return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr);
    }
    const auto* const v4 = reinterpret_cast<const sockaddr_in*>(&storage);
    return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
  }
  int Port() const {
    return ntohs(IsV6() ? reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_port
                        : reinterpret_cast<const sockaddr_in*>(&storage)->sin_port);
  }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

std::string UrlOf(const std::string& host, int port) {
  const std::string reached = host == "0.0.0.0" ? kLoopback : host == "::" ? "::1" : host;
  const bool v6 = reached.find(':') != std::string::npos;
  return "http://" + (v6 ? "[" + reached + "]" : reached) + ":" + std::to_string(port) + "/";
}

}  // namespace

Result<ListenAddress> ParseListenAddress(std::string_view text) {
  const Status wrong = InvalidArgument(
      "\"" + std::string(text) + "\" is no address and port, such as 127.0.0.1:8080 or [::]:8080");
  const size_t colon = text.rfind(':');
  const bool port_alone = colon == std::string_view::npos;
  std::string_view host = port_alone ? kLoopback : text.substr(0, colon);
  const std::string_view port = port_alone ? text : text.substr(colon + 1);
  const bool brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (brackets) host = host.substr(1, host.size() - 2);
  ListenAddress address;
  address.host = host.empty() ? "::" : host == "localhost" ? kLoopback : std::string(host);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (port.empty() || error != std::errc() || end != port.data() + port.size() ||
      address.port < 0 || address.port > 65535) {
    return wrong;
  }
  SystemAddress system;
  if (!system.Fill(address.host, address.port)) return wrong;
  if (system.IsV6() != brackets && !host.empty()) return wrong;
  return address;
}

Result<Listener> Listen(const ListenAddress& address) {
  const auto failed = [&address] {
    return IoError("cannot listen at " + UrlOf(address.host, address.port) + ": " +
                   std::strerror(errno));
  };
  SystemAddress system;
  if (!system.Fill(address.host, address.port)) return InvalidArgument("no address");
  const int family = system.storage.ss_family;
  Descriptor fd(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd.ok()) return failed();
  const int yes = 1;
  const int no = 0;
  // A server that was just ended leaves connections behind that would keep the port.
  (void)setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  if (address.host == "::") (void)setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
  if (bind(fd.get(), system.get(), system.size) != 0 || listen(fd.get(), kBacklog) != 0 ||
      getsockname(fd.get(), system.get(), &system.size) != 0) {
    return failed();
  }
  const int port = system.Port();
  return Listener{std::move(fd), UrlOf(address.host, port), port, system.IsLoopback()};
}

}  // namespace furl::serve
