#include "server/http/packing.h"

#include <memory>

#include "server/core/accept_encoding.h"
#include "server/http/compress.h"

namespace tessera {
namespace {

constexpr int text_compression = 1;  // fast before small
constexpr std::size_t least_bytes = 1'024;

bool is_text(std::string_view type) {
  type = type.substr(0, type.find(';'));
  return type.starts_with("text/") || type == "application/json" || type == "application/x-ndjson" || type.ends_with("+json");
}

bool is_packable(const HttpResponse& response) {
  const std::string* type = response.header("Content-Type");
  return response.body && response.body->size() >= least_bytes && type && is_text(*type) && !response.header("Content-Encoding");
}

/// The answer in place of a text: the tag of one is weak, since it names all its codings.
bool stands_for_text(const HttpResponse& response) {
  const std::string* tag = response.header("ETag");
  return response.status == 304 && tag && tag->starts_with("W/");
}

void pack(HttpResponse& response) {
  Bytes packed = gzip(*response.body, text_compression);
  if (packed.empty()) return;
  response.body = std::make_shared<const Bytes>(std::move(packed));
  response.add("Content-Encoding", "gzip");
}

}  // namespace

HttpHandler::Respond packed_for(const HttpRequest& request, Workers& workers, HttpHandler::Respond respond) {
  const std::string* accepted = request.header("accept-encoding");
  const bool takes_gzip = accepted && accepts_encoding(*accepted, "gzip");
  return [&workers, takes_gzip, respond = std::move(respond)](HttpResponse response) {
    const bool is_to_pack = is_packable(response);
    if (is_to_pack || stands_for_text(response)) response.add("Vary", "Accept-Encoding");
    if (!is_to_pack || !takes_gzip) return respond(std::move(response));
    const auto held = std::make_shared<HttpResponse>(std::move(response));
    const bool posted = workers.post(Workers::Urgency::Tile, [held, respond] {
      pack(*held);
      respond(std::move(*held));
    });
    if (!posted) respond(std::move(*held));
  };
}

}  // namespace tessera
