#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/model/translate.h"
#include "shared/base/result.h"

namespace tessera {

/// A link into a canvas: `URL/#canvas=main&x=120&y=340&zoom=8&template=ID`, or one that gives something: `URL/#owner=SECRET`,
/// `URL/#invite=TOKEN`; these two are read, and written only where they are kept for a moment. What is absent is the server's or the app's to choose. x and y are the cell in the middle; zoom is in the screen's own units per cell.
struct Link {
  std::string
      server;  ///< `http://host:port` or https, with a path where the server lives under one, no slash at the end
  std::string canvas;
  std::optional<double> x, y, zoom;
  std::string template_id;
  std::string owner, invite;  ///< secrets
  bool operator==(const Link&) const = default;
};

/// Reads what a person pasted: blanks around it are ignored, a missing scheme is `http://` for addresses of one's own
/// network (and localhost) and `https://` elsewhere; `ws://` and `wss://` are read as http and https. An error is the
/// text that says what is wrong. Unknown parts of the fragment are ignored, numbers outside their range too.
Result<Link, Text> parse_link(std::string_view text);

/// Only the fragment, with or without its `#`; never fails, what cannot be read is left out.
Link parse_fragment(std::string_view fragment);

/// `#canvas=main&x=120&y=340&zoom=8`: without the secrets.
std::string format_fragment(const Link& link);
/// The whole link.
std::string format_link(const Link& link);
/// The server and the secrets alone, for what must not forget them.
std::string format_secret_link(const Link& link);

/// Scheme, user, and default port left out: how a server is shown to people.
std::string server_label(std::string_view server);

}  // namespace tessera
