#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/core/problem.h"
#include "shared/base/bytes.h"

namespace tessera {

/// Why a request cannot be read; the connection closes after this answer.
struct BadRequest {
  unsigned status = 400;
  ProblemCode code = "invalid";
  std::string detail;
};

/// Reads one HTTP/1.1 request (Beast's parser) from bytes as they come. Strict where leniency lets requests be smuggled:
/// one `Host`, one framing, `chunked` and nothing else. Belongs to its connection's thread.
class HttpParser {
 public:
  HttpParser(std::size_t head_bytes);
  ~HttpParser();

  enum class State : std::uint8_t { Head, Body, Complete, Failed };

  /// Reads on; takes what it read off the front of `bytes`. What is left over while it is not complete must come again,
  /// with more behind it. Stops once after the head, for `limit_body`.
  State read(ByteSpan& bytes);
  State state() const { return state_; }
  const BadRequest& failure() const { return failure_; }

  /// From the end of the head on: everything but the body.
  HttpRequest& request();
  bool is_head_method() const;
  bool keeps_alive() const;
  bool expects_continue() const;
  bool is_http_1_0() const;
  /// How long the body will be, where the head says so.
  std::optional<std::uint64_t> announced_body() const;
  void limit_body(std::size_t bytes);
  /// With its body, once complete.
  HttpRequest take();

 private:
  struct Impl;
  State fail(unsigned status, ProblemCode code, std::string detail);
  State finish_head();
  State check_framing();

  std::unique_ptr<Impl> impl_;
  State state_ = State::Head;
  BadRequest failure_;
};

}  // namespace tessera
