#pragma once

#include "server/net/ws_connection.h"

namespace tessera {

/// A client of the JSON interface: on the default canvas, watching all of it. What its placements came to is told after
/// the message that shows them.
class JsonConnection final : public WsConnection {
 public:
  JsonConnection(NetThread& thread, ConnectionId id, std::shared_ptr<Transport> transport, Peer peer, Identity identity);

  ConnectionKind kind() const override { return ConnectionKind::Json; }
  void on_message(const ServerMessage& message) override;
  void on_joined(const Joined& joined) override;
  /// The group's feed has told everything up to now in `frame`.
  void on_feed(const FramePtr& frame);
  void push_text(std::string_view text);

 protected:
  void on_open() override;
  void on_text(std::string_view text) override;
  void on_binary(ByteSpan bytes) override;

 private:
  struct Asked {
    RequestId request{};
    Cell cell;
  };
  struct Accepted {
    Seq seq = 0;
    Cell cell;
    ChargeState charges;
  };
  void on_result(const PlaceResult& result);
  void on_account(const AccountInfo& account);
  void on_charges(const Charges& charges);
  void on_ban(const std::string& why);
  void on_archive();
  std::string_view why_banned() const;

  std::uint64_t last_request_ = 0;  // numbers that tell its placements apart; never remembered
  std::vector<Asked> asked_;      // placements without an answer
  std::vector<Accepted> stored_;  // answered, but not yet shown by the feed
  bool told_banned_ = false;
  std::string ban_;  // why; empty where nobody has said
};

}  // namespace tessera
