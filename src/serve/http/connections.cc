#include "serve/http/connections.h"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace furl::serve {

bool Connections::Admit(const std::string& address) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Refusal refusal = Refusal::kNone;
  const auto found = by_address_.find(address);
  if (static_cast<int>(entries_.size()) >= limits_.connections) {
    refusal = Refusal::kConnections;
  } else if (found != by_address_.end() && found->second >= limits_.per_address) {
    refusal = Refusal::kAddressConnections;
  }
  counters_->CountRefusal(refusal);
  return refusal == Refusal::kNone;
}

Connections::Handle Connections::Add(int socket, std::string address) {
  const std::lock_guard<std::mutex> lock(mutex_);
  counters_->CountConnection();
  counters_->ChangeConnections(1);
  ++by_address_[address];
  entries_.push_front({socket, std::move(address), false, false, false, Clock::now()});
  return entries_.begin();
}

void Connections::Remove(Handle connection) {
  const std::lock_guard<std::mutex> lock(mutex_);
  counters_->ChangeConnections(-1);
  const auto found = by_address_.find(connection->address);
  if (--found->second == 0) by_address_.erase(found);
  entries_.erase(connection);
}

void Connections::Ask(Handle connection) {
  const std::lock_guard<std::mutex> lock(mutex_);
  connection->answering = connection->asked = true;
  connection->since = Clock::now();
}

void Connections::Progress(Handle connection) {
  const std::lock_guard<std::mutex> lock(mutex_);
  connection->since = Clock::now();
}

void Connections::Finish(Handle connection) {
  const std::lock_guard<std::mutex> lock(mutex_);
  connection->answering = false;
  connection->since = Clock::now();
}

Refusal Connections::Slowness(const Entry& entry, Clock::time_point now) const {
  const auto limit =
      std::chrono::seconds(entry.asked ? limits_.idle_seconds : limits_.request_seconds);
  if (entry.shut || now - entry.since < limit) return Refusal::kNone;
  return entry.answering ? Refusal::kSlowReader : Refusal::kSlowRequest;
}

void Connections::ShutSlow(Clock::time_point now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Entry& entry : entries_) {
    const Refusal slowness = Slowness(entry, now);
    if (slowness == Refusal::kNone) continue;
    entry.shut = true;
    // Until Remove the socket is this one's, so its number can't be another's yet.
    shutdown(entry.socket, SHUT_RDWR);
    // A connection that has asked before and is kept for more is no refusal.
    if (entry.answering || !entry.asked) counters_->CountRefusal(slowness);
  }
}

int Connections::Answering() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<int>(std::count_if(entries_.begin(), entries_.end(),
                                        [](const Entry& entry) { return entry.answering; }));
}

}  // namespace furl::serve
