#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "app/net/inbox.h"

namespace tessera {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

/// A server on loopback that gives its one client's socket to `talk`, on a thread of its own.
class OneClientServer {
 public:
  explicit OneClientServer(std::function<void(tcp::socket)> talk)
      : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}), thread_([this, talk = std::move(talk)] {
          boost::system::error_code error;
          tcp::socket socket(io_);
          acceptor_.accept(socket, error);
          if (error) return;
          try {
            talk(std::move(socket));
          } catch (const std::exception&) {  // the client has gone: the test sees what it wanted of it
          }
        }) {}
  ~OneClientServer() {
    // Nobody came: this client ends the waiting.
    boost::system::error_code ignored;
    tcp::socket(io_).connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  unsigned short port() const { return acceptor_.local_endpoint().port(); }
  std::string address(const std::string& scheme = "http", const std::string& host = "127.0.0.1") const {
    return scheme + "://" + host + ":" + std::to_string(port());
  }

 private:
  asio::io_context io_;
  tcp::acceptor acceptor_;
  std::thread thread_;
};

/// An inbox that can be waited on.
class WaitingInbox {
 public:
  WaitingInbox() : inbox([this] { woken(); }) {}

  /// The next action; `Tick`, which no network posts, where none comes in time.
  Action next() {
    while (taken_.empty()) {
      std::unique_lock lock(mutex_);
      if (!arrived_.wait_for(lock, std::chrono::seconds(20), [this] { return woken_times_ > 0; })) return action::Tick{};
      woken_times_ = 0;
      lock.unlock();
      // May be empty: an earlier take may have had what this wake was for.
      taken_ = inbox.take();
    }
    Action first = std::move(taken_.front());
    taken_.erase(taken_.begin());
    return first;
  }

 private:
  void woken() {
    const std::lock_guard lock(mutex_);
    ++woken_times_;
    arrived_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable arrived_;
  int woken_times_ = 0;
  Actions taken_;

 public:
  Inbox inbox;
};

/// A port that nobody listens on.
inline unsigned short closed_port() {
  asio::io_context io;
  return tcp::acceptor(io, {asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

}  // namespace tessera
