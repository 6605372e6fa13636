#pragma once

#include <deque>
#include <mutex>

#include <doctest/doctest.h>

#include "server/auth/web_client.h"

namespace tessera {

/// Answers what it is told to, in order and at once, and keeps what it was asked. Any thread.
class FakeWeb final : public WebClient {
 public:
  void send(OutgoingRequest request, Done done) override {
    done(next(std::move(request)));
  }
  void says(unsigned status, std::string body, std::vector<NamedValue> headers = {}) {
    const std::lock_guard lock(mutex_);
    answers_.emplace_back(OutgoingAnswer{status, std::move(headers), std::move(body)});
  }
  void fails(WebFailure failure) {
    const std::lock_guard lock(mutex_);
    answers_.emplace_back(std::move(failure));
  }

  std::vector<OutgoingRequest> asked;

 private:
  Result<OutgoingAnswer, WebFailure> next(OutgoingRequest request) {
    const std::lock_guard lock(mutex_);
    asked.push_back(std::move(request));
    REQUIRE(!answers_.empty());
    auto answer = std::move(answers_.front());
    answers_.pop_front();
    return answer;
  }

  std::mutex mutex_;
  std::deque<Result<OutgoingAnswer, WebFailure>> answers_;
};

}  // namespace tessera
