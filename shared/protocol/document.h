#pragma once

#include <string>

namespace tessera {

/// PROTOCOL.md: what one needs to write a client. Its tables are the messages' own descriptions.
std::string protocol_document();

/// The parts of it that no description can tell: how a connection goes, and what may be relied on.
std::string protocol_prose();

}  // namespace tessera
