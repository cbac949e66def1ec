// furl serve: a folder on the network, with a page that plays what is in it.

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/options/option_use.h"
#include "cli/sandbox_use.h"
#include "serve/http/server.h"
#include "serve/listener.h"
#include "serve/site.h"
#include "session/installed.h"

namespace furl::cli {
namespace {

constexpr char kHelp[] =
    R"(Serves a folder of videos and HLS packages to browsers and players, and a page that plays
them. Only programs of this machine can come in unless --listen says otherwise; there is no
encryption and no password, so put a web server in front of it before it faces the internet.
Ctrl-C ends it.)";

constexpr char kFooter[] = R"(Examples:
  furl serve videos
  furl serve videos --listen 0.0.0.0:8080       for the whole network
  furl serve package --cors https://example.com --log
  furl serve videos --listen 127.0.0.1:0 --json   any free port, which the first line tells)";

// Answers that are under way get so long when the server is stopped.
constexpr double kSecondsToEnd = 3;

struct ServeOptions {
  std::string listen = "127.0.0.1:8080";
  serve::SiteOptions site;
  serve::ServerOptions server;
  bool log = false;
  bool no_metrics = false;
  bool sandbox = true;
};

void AddLog(Console& console, serve::ServerOptions* server) {
  server->log = [&console](const serve::Served& served) {
    console.Json({{"type", "request"},
                  {"address", served.address},
                  {"method", served.method},
                  {"target", served.target},
                  {"status", served.status},
                  {"bytes", served.bytes},
                  {"complete", served.complete}});
    console.Print(served.address + " " + served.method + " " + served.target + " " +
                  std::to_string(served.status) + " " + std::to_string(served.bytes) +
                  (served.complete ? "\n" : " broken off\n"));
  };
}

void TellStart(const ServeOptions& options, const serve::Listener& listener, Console& console) {
  console.Print("serving " + options.site.folder + " at " + listener.url + "\n");
  console.Json({{"type", "serving"},
                {"folder", options.site.folder},
                {"url", listener.url},
                {"port", listener.port},
                {"player", options.site.player}});
  if (!listener.loopback) {
    console.Notice("everyone who reaches this machine's port " + std::to_string(listener.port) +
                   " can read this folder");
  }
  if (options.site.player.empty()) {
    console.Notice(
        "there is no player for furl's videos on the pages (docs/serving.md); --player names its "
        "folder");
  }
}

Status Serve(ServeOptions options, Console& console, Details* details) {
  FURL_ASSIGN_OR_RETURN(const serve::ListenAddress address,
                        serve::ParseListenAddress(options.listen));
  if (options.site.player.empty()) options.site.player = session::FindPagePlayer();
  options.site.metrics = !options.no_metrics;
  options.site.version = FURL_VERSION;
  std::erase(options.site.cors, "none");
  if (options.log) AddLog(console, &options.server);
  serve::Counters counters;
  FURL_ASSIGN_OR_RETURN(const serve::Site site, serve::Site::Open(options.site, &counters));
  FURL_RETURN_IF_ERROR(serve::AllowConnections(options.server.limits.connections));
  FURL_ASSIGN_OR_RETURN(serve::Listener listener, serve::Listen(address));
  SandboxNeeds needs;  // from here on there are only connections that come in, and reading
  needs.wanted = options.sandbox;
  needs.inputs = {options.site.folder, options.site.player};
  needs.serves = true;
  const auto broker = EnterSandbox(needs, console);
  const auto answer = [&site](const serve::Request& request) { return site.AnswerTo(request); };
  FURL_ASSIGN_OR_RETURN(const auto server, serve::Server::Start(std::move(listener.socket), answer,
                                                                &counters, options.server));
  TellStart(options, listener, console);
  while (!Interrupted()) {
    server->Watch();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  server->Stop(kSecondsToEnd);
  (*details)["answers"] = counters.answers();
  return OkStatus();  // stopping is how it ends
}

void AddLimits(CLI::App* app, serve::ConnectionLimits* limits) {
  app->add_option("--connections", limits->connections, "At once; more are closed")
      ->check(WholeNumber(1, 100000))
      ->capture_default_str();
  app->add_option("--connections-per-address", limits->per_address, "Of these, by one address")
      ->check(WholeNumber(1, 100000))
      ->capture_default_str();
  app->add_option("--request-timeout", limits->request_seconds,
                  "Seconds that the head of a connection's first request may take")
      ->check(WholeNumber(1, 3600))
      ->capture_default_str();
  app->add_option("--idle-timeout", limits->idle_seconds,
                  "Seconds that a connection may do nothing, or take nothing of an answer")
      ->check(WholeNumber(1, 3600))
      ->capture_default_str();
}

}  // namespace

RunFn AddServe(CLI::App* app) {
  auto options = std::make_shared<ServeOptions>();
  ServeOptions* o = options.get();
  app->description(kHelp);
  app->footer(kFooter);
  app->add_option("folder", o->site.folder, "What to serve")
      ->required()
      ->check(CLI::ExistingDirectory);
  app->add_option("--listen", o->listen, "Address and port; port 0 takes a free one")
      ->capture_default_str();
  app->add_option("--player", o->site.player,
                  "Folder of the player for the pages; else the installed one")
      ->check(CLI::ExistingDirectory);
  app->add_option("--cors", o->site.cors,
                  "Origin whose pages may read the files; *: all, none: no other than the "
                  "server's own; may be repeated")
      ->capture_default_str();
  app->add_option("--segment-age", o->site.segment_seconds,
                  "Seconds that caches may keep segments without asking again")
      ->check(WholeNumber(0, 31536000))
      ->capture_default_str();
  AddLimits(app, &o->server.limits);
  app->add_flag("--log", o->log, "A line for every request, on standard output");
  app->add_flag("--no-metrics", o->no_metrics, "No page /metrics for Prometheus");
  AddNoSandbox(app, &o->sandbox);
  return
      [options](Console& console, Details* details) { return Serve(*options, console, details); };
}

}  // namespace furl::cli
