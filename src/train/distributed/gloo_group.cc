#include "train/distributed/gloo_group.h"

#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <utility>
#include <vector>

namespace furl::train {
namespace {

// Rank 0 validates while the others wait.
constexpr std::chrono::minutes kPatience{30};

using Gloo = c10d::ProcessGroupGloo;

class GlooGroup : public ProcessGroup {
 public:
  GlooGroup(const Place& place, c10::intrusive_ptr<Gloo> gloo)
      : ProcessGroup(place), gloo_(std::move(gloo)) {}

  void Sum(Tensor& values) override {
    torch::NoGradGuard no_grad;
    std::vector<Tensor> list = {OnCpu(values)};
    gloo_->allreduce(list)->wait();
    Return(list[0], values);
  }
  void Broadcast(Tensor& values) override {
    torch::NoGradGuard no_grad;
    std::vector<Tensor> list = {OnCpu(values)};
    gloo_->broadcast(list)->wait();
    Return(list[0], values);
  }

 private:
  // Gloo takes dense tensors whose memory is in the order of their dimensions.
  static Tensor OnCpu(const Tensor& values) { return values.detach().cpu().contiguous(); }
  static void Return(const Tensor& from, Tensor& to) {
    if (from.data_ptr() != to.data_ptr()) to.detach().copy_(from);
  }

  c10::intrusive_ptr<Gloo> gloo_;
};

// "HOST:PORT" taken apart; no port: it is a file.
struct Address {
  std::string host;
  uint16_t port = 0;
};

Address AddressOf(const std::string& at) {
  const size_t colon = at.rfind(':');
  if (colon == std::string::npos) return {};
  Address address{at.substr(0, colon), 0};
  const char* end = at.data() + at.size();
  const auto [last, error] = std::from_chars(at.data() + colon + 1, end, address.port);
  return error == std::errc() && last == end ? address : Address();
}

c10::intrusive_ptr<c10d::Store> OpenStore(const Meeting& meeting) {
  const Address address = AddressOf(meeting.at);
  if (address.port == 0) {
    return c10::make_intrusive<c10d::FileStore>(meeting.at, meeting.place.size);
  }
  c10d::TCPStoreOptions options;
  options.port = address.port;
  options.isServer = meeting.place.rank == 0;
  options.numWorkers = static_cast<size_t>(meeting.place.size);
  return c10::make_intrusive<c10d::TCPStore>(address.host, options);
}

}  // namespace

bool HasGloo() { return true; }

Result<std::shared_ptr<ProcessGroup>> JoinGloo(const Meeting& meeting) {
  try {
    auto options = Gloo::Options::create();
    options->timeout = kPatience;
    // The network between the processes, where the machine's name leads to another.
    const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
    options->devices.push_back(interface != nullptr ? Gloo::createDeviceForInterface(interface)
                                                    : Gloo::createDefaultDevice());
    auto gloo = c10::make_intrusive<Gloo>(OpenStore(meeting), meeting.place.rank,
                                          meeting.place.size, options);
    return std::shared_ptr<ProcessGroup>(
        std::make_shared<GlooGroup>(meeting.place, std::move(gloo)));
  } catch (const std::exception& e) {
    return IoError("the processes found no way to each other at " + meeting.at + ": " + e.what());
  }
}

}  // namespace furl::train
