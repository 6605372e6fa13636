#include "server/net/static_files.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

#include <openssl/sha.h>

#include "server/core/accept_encoding.h"
#include "server/core/problem.h"
#include "server/net/compress.h"
#include "shared/base/ascii.h"
#include "shared/base/text.h"

namespace tessera {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t file_bytes = 256u << 20;
constexpr std::string_view policy =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'";

constexpr std::string_view placeholder_page = R"(<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tessera</title>
<link rel="stylesheet" href="style.css">
<h1>Tessera</h1>
<p>This server runs, but it was started without the web client, so there is nothing to draw with in a browser.</p>
<p>The desktop app can join it with this page's address. To serve the web client too, build it with <code>packaging/run</code>,
or give the server its folder: <code>tessera-server serve --web build/web</code>.</p>
</html>
)";
constexpr std::string_view placeholder_style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:4em auto;padding:0 1em}code{background:#eee;padding:.1em .3em}";

std::string_view type_of(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> types{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".wasm", "application/wasm"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".woff2", "font/woff2"},
      {".ttf", "font/ttf"},
      {".txt", "text/plain; charset=utf-8"},
      {".map", "application/json"},
      {".data", "application/octet-stream"},
  }};
  for (const auto& [ending, type] : types)
    if (name.ends_with(ending)) return type;
  return "application/octet-stream";
}

bool is_page(std::string_view name) { return name.ends_with(".html"); }

std::string digest(std::string_view text) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  return to_hex(ByteSpan(hash).first(8));
}

/// Compressed already: trying again only costs time.
bool is_worth_compressing(std::string_view name, std::size_t size) {
  return size >= 256 && !name.ends_with(".png") && !name.ends_with(".jpg") && !name.ends_with(".webp") &&
         !name.ends_with(".woff2");
}

Result<Bytes> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{"cannot read " + path.string()};
  return Bytes(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

}  // namespace

std::string with_versioned_links(std::string_view page, std::string_view prefix, const std::vector<std::string>& names) {
  std::string out;
  out.reserve(page.size() + 256);
  static constexpr std::string_view placeholder = "{{assets}}";
  for (std::size_t at = 0; at < page.size();) {
    const std::string_view rest = page.substr(at);
    if (rest.starts_with(placeholder)) {
      out += prefix;
      at += placeholder.size();
      continue;
    }
    std::size_t skip = 0;
    for (const std::string_view attribute : {" src=\"", " href=\""}) {
      if (!rest.starts_with(attribute)) continue;
      const std::size_t end = rest.find('"', attribute.size());
      if (end == std::string_view::npos) break;
      std::string_view value = rest.substr(attribute.size(), end - attribute.size());
      if (value.starts_with("./")) value.remove_prefix(2);
      if (value.starts_with("/")) value.remove_prefix(1);
      if (is_page(value) || value.ends_with(".webmanifest")) break;
      if (std::find(names.begin(), names.end(), value) == names.end()) break;
      out += std::string(attribute) + std::string(prefix) + '/' + std::string(value) + '"';
      skip = end + 1;
    }
    if (skip == 0) out += page[at++];
    at += skip;
  }
  return out;
}

bool matches_tag(std::string_view header, std::string_view tag) {
  while (!header.empty()) {
    std::string_view item = next_item(header);
    if (item == "*") return true;
    if (item.starts_with("W/")) item.remove_prefix(2);
    if (item == tag) return true;
  }
  return false;
}

Result<std::unique_ptr<StaticFiles>> StaticFiles::open(const fs::path& folder) {
  std::unique_ptr<StaticFiles> files(new StaticFiles());
  std::error_code error;
  if (!fs::is_regular_file(folder / "index.html", error))
    return Error{"the web folder " + folder.string() + " has no index.html; build the web client, or leave --web out"};
  for (auto at = fs::recursive_directory_iterator(folder, error); !error && at != fs::recursive_directory_iterator();
       at.increment(error)) {
    if (at->is_symlink() || !at->is_regular_file()) continue;
    if (at->file_size() > file_bytes) return Error{at->path().string() + " is larger than 256 MB, too large to serve"};
    auto contents = read_file(at->path());
    if (!contents) return contents.error();
    files->add(fs::relative(at->path(), folder).generic_string(), std::move(*contents));
  }
  if (error) return Error{"cannot read the web folder " + folder.string() + ": " + error.message()};
  files->link();
  return files;
}

std::unique_ptr<StaticFiles> StaticFiles::placeholder() {
  std::unique_ptr<StaticFiles> files(new StaticFiles());
  for (const auto& [name, text] : {std::pair("index.html", placeholder_page), std::pair("style.css", placeholder_style)})
    files->add(name, Bytes(text.begin(), text.end()));
  files->link();
  return files;
}

StaticFiles::~StaticFiles() {
  stopping_ = true;
  if (worker_.joinable()) worker_.join();
}

void StaticFiles::add(const std::string& name, Bytes contents) {
  auto file = std::make_unique<File>();
  file->type = type_of(name);
  file->plain = std::make_shared<const Bytes>(std::move(contents));
  files_[name] = std::move(file);
}

void StaticFiles::link() {
  std::string all;
  std::vector<std::string> names;
  for (const auto& [name, file] : files_) {
    all += name + '\n' + digest(as_text(*file->plain)) + '\n';
    names.push_back(name);
  }
  version_ = digest(all);
  const std::string prefix = "/assets/" + version_;
  for (const auto& [name, file] : files_) {
    if (is_page(name)) file->plain = shared_bytes(with_versioned_links(as_text(*file->plain), prefix, names));
    file->tag = digest(as_text(*file->plain));
    addresses_['/' + name] = {file.get(), false};
    addresses_[prefix + '/' + name] = {file.get(), true};
  }
  addresses_["/"] = addresses_["/index.html"];
}

void StaticFiles::start_compressing() {
  worker_ = std::thread([this] { compress_all(); });
}

void StaticFiles::compress_all() {
  std::vector<std::pair<std::string_view, File*>> order;
  for (const auto& [name, file] : files_)
    if (is_worth_compressing(name, file->plain->size())) order.emplace_back(name, file.get());
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second->plain->size() < b.second->plain->size(); });
  for (const auto& [name, file] : order) {
    if (stopping_ || file->compressed) continue;
    const auto kept = [&](Bytes bytes) {
      const bool smaller = !bytes.empty() && bytes.size() < file->plain->size();
      return smaller ? std::make_shared<const Bytes>(std::move(bytes)) : nullptr;
    };
    file->gzip = kept(gzip_compress(*file->plain));
    file->brotli = kept(brotli_compress(*file->plain, stopping_));
    if (stopping_) return;
    file->compressed.store(true, std::memory_order_release);
  }
}

std::optional<HttpResponse> StaticFiles::answer(const HttpRequest& request) const {
  const auto found = addresses_.find(request.path);
  if (found == addresses_.end()) return std::nullopt;
  if (request.method != "GET") {
    HttpResponse refused = problem(405, "method", "this file can only be read");
    refused.add("Allow", "GET, HEAD");
    return refused;
  }
  return serve(*found->second.file, found->second.is_versioned, request);
}

HttpResponse StaticFiles::serve(const File& file, bool is_versioned, const HttpRequest& request) const {
  HttpResponse response;
  std::string tag = file.tag;
  response.body = file.plain;
  const std::string* accepted = request.header("accept-encoding");
  std::string coding;
  if (accepted != nullptr && file.compressed.load(std::memory_order_acquire)) {
    if (file.brotli && accepts_encoding(*accepted, "br")) {
      coding = "br";
      response.body = file.brotli;
    } else if (file.gzip && accepts_encoding(*accepted, "gzip")) {
      coding = "gzip";
      response.body = file.gzip;
    }
  }
  tag = '"' + tag + (coding.empty() ? "" : '-' + coding) + '"';
  response.add("ETag", tag);
  response.add("Cache-Control", is_versioned ? "public, max-age=31536000, immutable" : "no-cache");
  response.add("Vary", "Accept-Encoding");
  response.add("Content-Security-Policy", std::string(policy));
  response.add("Cross-Origin-Opener-Policy", "same-origin");
  const std::string* known = request.header("if-none-match");
  if (known != nullptr && matches_tag(*known, tag)) {
    response.status = 304;
    response.body = nullptr;
    return response;
  }
  response.add("Content-Type", file.type);
  if (!coding.empty()) response.add("Content-Encoding", coding);
  return response;
}

}  // namespace tessera
