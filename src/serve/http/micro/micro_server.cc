#include "serve/http/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

#include "base/exceptions.h"
#include "serve/http/micro/response.h"

namespace furl::serve {
namespace {

// What the head of a request may take, and what libmicrohttpd keeps of a connection.
constexpr size_t kConnectionMemory = size_t{1} << 14;

// Without its port; IPv4 looks the same through either kind of socket.
std::string AddressText(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = "";
  if (address->sa_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text,
              sizeof(text));
  } else if (address->sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, text,
              sizeof(text));
  }
  constexpr std::string_view kMapped = "::ffff:";
  const std::string_view view = text;
  return std::string(view.starts_with(kMapped) ? view.substr(kMapped.size()) : view);
}

std::string_view HeaderOf(MHD_Connection* connection, const char* name) {
  const char* const value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value == nullptr ? std::string_view() : value;
}

bool HasBody(MHD_Connection* connection) {
  const std::string_view length = HeaderOf(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
  return (!length.empty() && length != "0") ||
         !HeaderOf(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING).empty();
}

// One request, from its head to the end of its answer.
struct Running {
  Served served;
  std::atomic<int64_t> sent{0};
  bool queued = false;
};

class MicroServer : public Server {
 public:
  MicroServer(AnswerFn answer, Counters* counters, const ServerOptions& options)
      : answer_(std::move(answer)),
        counters_(counters),
        options_(options),
        connections_(options.limits, counters) {}
  ~MicroServer() override { Stop(0); }

  Status Start(Descriptor socket);
  void Watch() override { connections_.ShutSlow(Clock::now()); }
  void Stop(double seconds) override;

 private:
  // Of a connection of libmicrohttpd; it is made in Notify.
  static Connections::Handle& HandleOf(MHD_Connection* connection) {
    const MHD_ConnectionInfo* const info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return *static_cast<Connections::Handle*>(info->socket_context);
  }

  // What libmicrohttpd calls; `self` is the server. Exceptions would end the process there.
  static MHD_Result Accept(void* self, const sockaddr* address, socklen_t);
  static void Notify(void* self, MHD_Connection* connection, void** context,
                     MHD_ConnectionNotificationCode code);
  static MHD_Result Handle(void* self, MHD_Connection* connection, const char* url,
                           const char* method, const char*, const char*, size_t*, void** context);
  static void Complete(void* self, MHD_Connection* connection, void** context,
                       MHD_RequestTerminationCode code);

  void Open(MHD_Connection* connection, void** context);
  Status Serve(MHD_Connection* connection, const char* url, const char* method, void** context);
  Status Queue(MHD_Connection* connection, bool has_body, Running* running);
  void Log(const Served& served);

  const AnswerFn answer_;
  Counters* const counters_;
  const ServerOptions options_;
  Connections connections_;
  std::mutex log_mutex_;
  MHD_Daemon* daemon_ = nullptr;
};

Status MicroServer::Start(Descriptor socket) {
  const auto cpus = static_cast<int>(std::thread::hardware_concurrency());
  const int threads = options_.threads > 0 ? options_.threads : std::clamp(cpus, 2, 8);
  const int limit = options_.limits.connections;  // of any thread: Accept counts all together
  // Paths are left escaped (serve/request_path.h).
  const auto unescape = [](void*, MHD_Connection*, char* text) { return std::strlen(text); };
  daemon_ = MHD_start_daemon(
      MHD_USE_AUTO_INTERNAL_THREAD, 0, Accept, this, Handle, this,  //
      MHD_OPTION_LISTEN_SOCKET, socket.get(),                       //
      MHD_OPTION_THREAD_POOL_SIZE, static_cast<unsigned>(threads),  //
      MHD_OPTION_CONNECTION_LIMIT, static_cast<unsigned>(limit * threads),
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionMemory,  //
      // Should nobody call Watch, which is exact.
      MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(options_.limits.idle_seconds * 2),
      MHD_OPTION_UNESCAPE_CALLBACK,
      static_cast<size_t (*)(void*, MHD_Connection*, char*)>(unescape), nullptr,
      MHD_OPTION_NOTIFY_CONNECTION, Notify, this, MHD_OPTION_NOTIFY_COMPLETED, Complete, this,
      MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
  if (daemon_ == nullptr) return InternalError("the server can't be started");
  socket.Release();  // closed with the daemon
  return OkStatus();
}

void MicroServer::Stop(double seconds) {
  if (daemon_ == nullptr) return;
  const Descriptor socket(MHD_quiesce_daemon(daemon_));
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (connections_.Answering() > 0 && Clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  MHD_stop_daemon(std::exchange(daemon_, nullptr));
}

MHD_Result MicroServer::Accept(void* self, const sockaddr* address, socklen_t) {
  bool admitted = false;
  const Status status = CatchExceptions([&] {
    admitted = static_cast<MicroServer*>(self)->connections_.Admit(AddressText(address));
    return OkStatus();
  });
  return status.ok() && admitted ? MHD_YES : MHD_NO;
}

void MicroServer::Notify(void* self, MHD_Connection* connection, void** context,
                         MHD_ConnectionNotificationCode code) {
  auto* const server = static_cast<MicroServer*>(self);
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    (void)CatchExceptions([&] {
      server->Open(connection, context);
      return OkStatus();
    });
  } else if (*context != nullptr) {
    const std::unique_ptr<Connections::Handle> handle(static_cast<Connections::Handle*>(*context));
    server->connections_.Remove(*handle);
  }
}

void MicroServer::Open(MHD_Connection* connection, void** context) {
  const auto* const address =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
  const int socket =
      MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
  auto handle = std::make_unique<Connections::Handle>();
  *handle = connections_.Add(socket, AddressText(address));
  *context = handle.release();
}

MHD_Result MicroServer::Handle(void* self, MHD_Connection* connection, const char* url,
                               const char* method, const char*, const char*, size_t*,
                               void** context) {
  const Status status = CatchExceptions(
      [&] { return static_cast<MicroServer*>(self)->Serve(connection, url, method, context); });
  return status.ok() ? MHD_YES : MHD_NO;  // which closes the connection
}

// Called with the head, and again when there is no body to come; only then an answer lets the
// connection live on.
Status MicroServer::Serve(MHD_Connection* connection, const char* url, const char* method,
                          void** context) {
  if (MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context ==
      nullptr) {
    return {StatusCode::kOutOfMemory, "the connection was not noted"};
  }
  const bool has_body = HasBody(connection);
  if (*context == nullptr) {
    auto running = std::make_unique<Running>();
    const Connections::Handle handle = HandleOf(connection);
    running->served.address = handle->address;
    running->served.method = method;
    running->served.target = url;
    connections_.Ask(handle);
    *context = running.release();  // Complete frees it
    if (!has_body) return OkStatus();
  }
  auto* const running = static_cast<Running*>(*context);
  return running->queued ? OkStatus() : Queue(connection, has_body, running);
}

Status MicroServer::Queue(MHD_Connection* connection, bool has_body, Running* running) {
  Request request;
  request.method = running->served.method;
  request.target = running->served.target;
  request.range = HeaderOf(connection, MHD_HTTP_HEADER_RANGE);
  request.origin = HeaderOf(connection, MHD_HTTP_HEADER_ORIGIN);
  request.conditions = {HeaderOf(connection, MHD_HTTP_HEADER_IF_NONE_MATCH),
                        HeaderOf(connection, MHD_HTTP_HEADER_IF_MODIFIED_SINCE),
                        HeaderOf(connection, MHD_HTTP_HEADER_IF_RANGE)};
  request.has_body = has_body;
  Answer answer = answer_(request);
  if (has_body) answer.headers.push_back({MHD_HTTP_HEADER_CONNECTION, "close"});
  const int status = answer.status;
  const Refusal refusal = answer.refusal;
  const auto text_size = static_cast<int64_t>(answer.text.size());
  const ResponsePtr response =
      MakeResponse(std::move(answer), counters_, &running->sent,
                   [this, handle = HandleOf(connection)] { connections_.Progress(handle); });
  if (response == nullptr ||
      MHD_queue_response(connection, static_cast<unsigned>(status), response.get()) != MHD_YES) {
    return InternalError("no answer");
  }
  running->queued = true;
  running->served.status = status;
  if (request.method != "HEAD") running->sent += text_size;
  counters_->CountAnswer(request.method, status);
  counters_->CountRefusal(refusal);
  return OkStatus();
}

void MicroServer::Complete(void* self, MHD_Connection* connection, void** context,
                           MHD_RequestTerminationCode code) {
  const std::unique_ptr<Running> running(static_cast<Running*>(std::exchange(*context, nullptr)));
  if (running == nullptr) return;
  auto* const server = static_cast<MicroServer*>(self);
  server->connections_.Finish(HandleOf(connection));
  running->served.bytes = running->sent;
  running->served.complete = code == MHD_REQUEST_TERMINATED_COMPLETED_OK;
  (void)CatchExceptions([&] {
    server->Log(running->served);
    return OkStatus();
  });
}

void MicroServer::Log(const Served& served) {
  if (!options_.log) return;
  const std::lock_guard<std::mutex> lock(log_mutex_);
  options_.log(served);
}

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(Descriptor socket, AnswerFn answer,
                                              Counters* counters, const ServerOptions& options) {
  auto server = std::make_unique<MicroServer>(std::move(answer), counters, options);
  FURL_RETURN_IF_ERROR(server->Start(std::move(socket)));
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace furl::serve
