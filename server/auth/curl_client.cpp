#include "server/auth/curl_client.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <thread>

#include <curl/curl.h>

#include "server/auth/site.h"
#include "shared/base/ascii.h"

namespace tessera {
namespace {

constexpr int poll_ms = 1'000;
constexpr std::size_t header_lines = 200;

WebFailure failure(WebFailure::Why why, std::string detail) { return {why, std::move(detail)}; }

/// One request on its way. Lives at one address while libcurl knows it.
struct Transfer {
  OutgoingRequest request;
  WebClient::Done done;
  CURL* easy = nullptr;
  curl_slist* headers = nullptr;
  char error[CURL_ERROR_SIZE] = {};
  std::size_t body_bytes = 0;
  bool is_too_large = false;
  OutgoingAnswer answer;

  Transfer(OutgoingRequest asked, WebClient::Done told) : request(std::move(asked)), done(std::move(told)) {}
  ~Transfer() {
    curl_easy_cleanup(easy);
    curl_slist_free_all(headers);
  }
  Transfer(const Transfer&) = delete;
};

std::size_t take_body(char* data, std::size_t, std::size_t size, void* place) {
  auto& transfer = *static_cast<Transfer*>(place);
  transfer.is_too_large = transfer.answer.body.size() + size > transfer.body_bytes;
  if (transfer.is_too_large) return 0;
  transfer.answer.body.append(data, size);
  return size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* place) {
  auto& headers = static_cast<Transfer*>(place)->answer.headers;
  std::string_view line(data, size);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) headers.clear();  // what came before was an interim answer
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || headers.size() == header_lines) return size;
  std::string_view value = line.substr(colon + 1);
  while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
  headers.emplace_back(lower_case(line.substr(0, colon)), value);
  return size;
}

long whole_ms(Duration time) { return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(time).count()); }

/// False where libcurl cannot even begin.
bool prepare(Transfer& transfer, const CurlClient::Settings& settings, bool plain_http) {
  const OutgoingRequest& request = transfer.request;
  CURL* easy = transfer.easy = curl_easy_init();
  if (!easy) return false;
  for (const auto& [name, value] : request.headers) {
    curl_slist* longer = curl_slist_append(transfer.headers, (name + ": " + value).c_str());
    if (!longer) return false;
    transfer.headers = longer;
  }
  transfer.body_bytes = settings.body_bytes;
  const auto set = [easy](CURLoption option, auto value) { return curl_easy_setopt(easy, option, value) == CURLE_OK; };
  bool good = set(CURLOPT_URL, request.url.c_str()) && set(CURLOPT_PROTOCOLS_STR, plain_http ? "http,https" : "https") &&
              set(CURLOPT_HTTPHEADER, transfer.headers) && set(CURLOPT_FOLLOWLOCATION, 0L) && set(CURLOPT_NOSIGNAL, 1L) &&
              set(CURLOPT_SSL_VERIFYPEER, 1L) && set(CURLOPT_SSL_VERIFYHOST, 2L) &&
              set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2)) && set(CURLOPT_ERRORBUFFER, transfer.error) &&
              set(CURLOPT_CONNECTTIMEOUT_MS, whole_ms(settings.connect_time)) && set(CURLOPT_TIMEOUT_MS, std::max(1L, whole_ms(request.patience))) &&
              set(CURLOPT_WRITEFUNCTION, &take_body) && set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer)) &&
              set(CURLOPT_HEADERFUNCTION, &take_header) && set(CURLOPT_HEADERDATA, static_cast<void*>(&transfer)) &&
              set(CURLOPT_PRIVATE, static_cast<void*>(&transfer));
  // A proxy that the environment names cannot know what listens on this machine.
  if (is_loopback_url(request.url)) good = good && set(CURLOPT_PROXY, "");
  if (request.method != "GET")
    good = good && set(CURLOPT_POST, 1L) && set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size())) &&
           set(CURLOPT_POSTFIELDS, request.body.data());
  if (request.method != "GET" && request.method != "POST") good = good && set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  return good;
}

Result<OutgoingAnswer, WebFailure> outcome(Transfer& transfer, CURLcode code) {
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
    transfer.answer.status = static_cast<unsigned>(status);
    return std::move(transfer.answer);
  }
  const std::string detail = transfer.error[0] != '\0' ? transfer.error : curl_easy_strerror(code);
  if (transfer.is_too_large) return failure(WebFailure::Why::TooLarge, "the answer is larger than " + std::to_string(transfer.body_bytes) + " bytes");
  if (code == CURLE_OPERATION_TIMEDOUT) return failure(WebFailure::Why::TimedOut, detail);
  if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT) return failure(WebFailure::Why::Refused, detail);
  return failure(WebFailure::Why::Unreachable, detail);
}

}  // namespace

bool is_loopback_url(std::string_view url) {
  const std::size_t authority = url.find("://");
  if (authority == std::string_view::npos) return false;
  const auto origin = parse_origin(url.substr(0, url.find_first_of("/?#", authority + 3)));
  if (!origin) return false;
  const bool is_127 = is_address(origin->host) && origin->host.starts_with("127.");
  return origin->host == "localhost" || origin->host == "::1" || is_127;
}

/// The thread and what is under way on it.
class CurlClient::Loop {
 public:
  Loop(Settings settings, CURLM* multi) : settings_(settings), multi_(multi), thread_([this] { run(); }) {}
  ~Loop() {
    stop();
    curl_multi_cleanup(multi_);
    curl_global_cleanup();
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    if (thread_.joinable()) thread_.join();
  }

  void send(OutgoingRequest request, Done done) {
    const bool plain_http = settings_.plain_http || is_loopback_url(request.url);
    auto transfer = std::make_unique<Transfer>(std::move(request), std::move(done));
    if (!prepare(*transfer, settings_, plain_http)) return transfer->done(failure(WebFailure::Why::Refused, "libcurl cannot send this"));
    {
      const std::lock_guard lock(mutex_);
      if (!stopping_ && held_ < settings_.at_once) {
        ++held_;
        waiting_.push_back(std::move(transfer));
      }
    }
    if (transfer) return transfer->done(failure(WebFailure::Why::Busy, "too many requests are under way"));
    curl_multi_wakeup(multi_);
  }

 private:
  void run() {
    for (;;) {
      if (!take_waiting()) break;
      int running = 0;
      curl_multi_perform(multi_, &running);
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(multi_, &left))
        if (message->msg == CURLMSG_DONE) finish(*message);
      curl_multi_poll(multi_, nullptr, 0, poll_ms, nullptr);
    }
    std::list<std::unique_ptr<Transfer>> ended;
    {
      const std::lock_guard lock(mutex_);
      ended.splice(ended.end(), waiting_);
    }
    for (const auto& transfer : running_) curl_multi_remove_handle(multi_, transfer->easy);
    ended.splice(ended.end(), running_);
    for (const auto& transfer : ended) transfer->done(failure(WebFailure::Why::Busy, "the server is ending"));
  }

  /// False: to end.
  bool take_waiting() {
    std::list<std::unique_ptr<Transfer>> taken;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
      taken.splice(taken.end(), waiting_);
    }
    for (const auto& transfer : taken) curl_multi_add_handle(multi_, transfer->easy);
    running_.splice(running_.end(), taken);
    return true;
  }

  void finish(const CURLMsg& message) {
    void* place = nullptr;
    curl_easy_getinfo(message.easy_handle, CURLINFO_PRIVATE, &place);
    const CURLcode code = message.data.result;
    const auto found = std::find_if(running_.begin(), running_.end(), [&](const auto& each) { return each.get() == place; });
    const std::unique_ptr<Transfer> transfer = std::move(*found);
    running_.erase(found);
    curl_multi_remove_handle(multi_, transfer->easy);
    {
      const std::lock_guard lock(mutex_);
      --held_;
    }
    transfer->done(outcome(*transfer, code));
  }

  const Settings settings_;
  CURLM* const multi_;

  std::mutex mutex_;  // guards what follows
  std::list<std::unique_ptr<Transfer>> waiting_;
  std::size_t held_ = 0;
  bool stopping_ = false;

  std::list<std::unique_ptr<Transfer>> running_;  // the thread's own
  std::thread thread_;
};

Result<std::unique_ptr<CurlClient>> CurlClient::open(Settings settings) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return Error{"libcurl cannot start"};
  CURLM* multi = curl_multi_init();
  if (!multi) return Error{"libcurl cannot start"};
  return std::unique_ptr<CurlClient>(new CurlClient(std::make_unique<Loop>(settings, multi)));
}

CurlClient::CurlClient(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
CurlClient::~CurlClient() = default;

void CurlClient::stop() { loop_->stop(); }
void CurlClient::send(OutgoingRequest request, Done done) { loop_->send(std::move(request), std::move(done)); }

}  // namespace tessera
