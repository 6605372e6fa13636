#include "app/net/http_client.h"

#include <emscripten.h>

#include <cstdlib>

// Calls tessera_http_answered(done, status, body, size, etag, retry_after, next) when the browser has the answer; its texts and
// bytes are freed there.
EM_JS(void, tessera_http_ask, (const char* method, const char* url, const char* bearer, const char* json, const char* if_match, int seconds, int most, void* done), {
  const headers = {'Accept': 'application/json, application/problem+json, image/png'};
  const body = UTF8ToString(json);
  const token = UTF8ToString(bearer);
  const match = UTF8ToString(if_match);
  if (body) headers['Content-Type'] = 'application/json';
  if (token) headers['Authorization'] = 'Bearer ' + token;
  if (match) headers['If-Match'] = match;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  const answered = (status, bytes, etag, retry, next) => {
    clearTimeout(timer);
    const place = _malloc(bytes.length + 1);
    HEAPU8.set(bytes, place);
    _tessera_http_answered(done, status, place, bytes.length, allocateUTF8(etag || ""), allocateUTF8(retry || ""), allocateUTF8(next || ""));
  };
  const nothing = () => answered(0, new Uint8Array(0));
  fetch(UTF8ToString(url), {
    method: UTF8ToString(method), headers, body: body || undefined,
    credentials: 'same-origin', cache: 'no-store', signal: stop.signal
  }).then(answer => answer.arrayBuffer().then(buffer => [answer, new Uint8Array(buffer)]))
    .then(([answer, bytes]) => {
      if (bytes.length > most) nothing();
      else answered(answer.status, bytes, answer.headers.get('ETag'), answer.headers.get('Retry-After'), answer.headers.get('X-Tessera-Next'));
    }, nothing);
});

extern "C" EMSCRIPTEN_KEEPALIVE void tessera_http_answered(tessera::HttpClient::Done* done, int status, char* body, int size,
                                                           char* etag, char* retry_after, char* next) {
  (*done)({status, std::string(body, static_cast<std::size_t>(size)), etag, retry_after, next});
  std::free(body);
  std::free(etag);
  std::free(retry_after);
  std::free(next);
  delete done;
}

namespace tessera {

HttpClient::HttpClient(NetLoop& loop) : loop_(loop) {}
HttpClient::~HttpClient() = default;

void HttpClient::request(WebRequest request, Done done) {
  static_cast<void>(loop_);
  tessera_http_ask(request.method.c_str(), request.url.c_str(), request.bearer.c_str(), request.json.c_str(), request.if_match.c_str(),
                   timeout_seconds, static_cast<int>(answer_bytes), new Done(std::move(done)));
}

}  // namespace tessera
