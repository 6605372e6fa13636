#include "server/net/static_files.h"

#include <cstdlib>
#include <fstream>

#include <brotli/decode.h>
#include <doctest/doctest.h>
#include <zlib.h>

#include "server/net/compress.h"

using namespace tessera;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "tessera-static-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path_); }
  void write(const std::string& name, std::string_view contents) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << contents;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

HttpRequest get(std::string path, std::vector<NamedValue> headers = {}) {
  HttpRequest request;
  request.method = "GET";
  request.path = std::move(path);
  request.headers = std::move(headers);
  return request;
}

std::string header(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return "";
}

std::string body(const HttpResponse& response) { return std::string(as_text(*response.body)); }

std::unique_ptr<StaticFiles> site(const Folder& folder) {
  folder.write("index.html",
               "<link href=\"style.css\" rel=\"stylesheet\"><link href=\"app.webmanifest\"><a href=\"help.html\">?</a>"
               "<script src=\"./tessera.js\"></script><img src=\"missing.png\"><p data-assets=\"{{assets}}\">");
  folder.write("help.html", "<p>help</p>");
  folder.write("tessera.js", std::string(5'000, 'j'));
  folder.write("tessera.wasm", std::string(50'000, 'w'));
  folder.write("style.css", "p{}");
  folder.write("app.webmanifest", "{}");
  folder.write("icons/a.png", "png");
  auto files = StaticFiles::open(folder.path());
  REQUIRE(files.ok());
  return std::move(*files);
}

}  // namespace

TEST_CASE("StaticFiles: the page is revalidated and names versioned files, which may be kept for ever") {
  const Folder folder;
  const auto files = site(folder);
  const auto page = files->answer(get("/"));
  REQUIRE(page);
  const std::string prefix = "/assets/" + files->version();
  CHECK(body(*page) == "<link href=\"" + prefix + "/style.css\" rel=\"stylesheet\"><link href=\"app.webmanifest\"><a href=\"help.html\">?</a>"
                       "<script src=\"" + prefix + "/tessera.js\"></script><img src=\"missing.png\"><p data-assets=\"" + prefix + "\">");
  CHECK(header(*page, "Cache-Control") == "no-cache");
  CHECK(header(*page, "Content-Security-Policy").find("'wasm-unsafe-eval'") != std::string::npos);

  const auto wasm = files->answer(get(prefix + "/tessera.wasm"));
  REQUIRE(wasm);
  CHECK(header(*wasm, "Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(header(*wasm, "Content-Type") == "application/wasm");
  CHECK(header(*files->answer(get("/tessera.wasm")), "Cache-Control") == "no-cache");
}

TEST_CASE("StaticFiles: any change of any file changes the version") {
  const Folder folder;
  const std::string before = site(folder)->version();
  CHECK(site(folder)->version() == before);
  folder.write("icons/a.png", "other");
  const auto changed = StaticFiles::open(folder.path());
  REQUIRE(changed.ok());
  CHECK((*changed)->version() != before);
}

TEST_CASE("StaticFiles: 304 for the tag it gave, per coding") {
  const Folder folder;
  const auto files = site(folder);
  files->compress_all();
  const auto plain = files->answer(get("/tessera.js"));
  const std::string tag = header(*plain, "ETag");
  CHECK(files->answer(get("/tessera.js", {{"if-none-match", "\"x\", W/" + tag}}))->status == 304);
  CHECK(files->answer(get("/tessera.js", {{"if-none-match", "\"x\""}}))->status == 200);
  const auto brotli = files->answer(get("/tessera.js", {{"accept-encoding", "gzip, br"}}));
  CHECK(header(*brotli, "ETag") != tag);
  CHECK(files->answer(get("/tessera.js", {{"accept-encoding", "br"}, {"if-none-match", tag}}))->status == 200);
}

TEST_CASE("StaticFiles: brotli before gzip before plain, and each unpacks to the file") {
  const Folder folder;
  const auto files = site(folder);
  CHECK(header(*files->answer(get("/tessera.wasm", {{"accept-encoding", "br"}})), "Content-Encoding").empty());  // not yet
  files->compress_all();
  const std::string wanted(50'000, 'w');

  const auto brotli = files->answer(get("/tessera.wasm", {{"accept-encoding", "gzip, deflate, br;q=0.5"}}));
  REQUIRE(header(*brotli, "Content-Encoding") == "br");
  std::string out(60'000, '\0');
  std::size_t size = out.size();
  REQUIRE(BrotliDecoderDecompress(brotli->body->size(), brotli->body->data(), &size, reinterpret_cast<std::uint8_t*>(out.data())) ==
          BROTLI_DECODER_RESULT_SUCCESS);
  CHECK(out.substr(0, size) == wanted);

  const auto gzip = files->answer(get("/tessera.wasm", {{"accept-encoding", "gzip, br;q=0"}}));
  REQUIRE(header(*gzip, "Content-Encoding") == "gzip");
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 31) == Z_OK);
  stream.next_in = const_cast<Bytef*>(gzip->body->data());
  stream.avail_in = static_cast<uInt>(gzip->body->size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  CHECK(out.substr(0, stream.total_out) == wanted);
  inflateEnd(&stream);

  CHECK(header(*files->answer(get("/tessera.wasm", {{"accept-encoding", "identity"}})), "Content-Encoding").empty());
  CHECK(header(*files->answer(get("/style.css", {{"accept-encoding", "br"}})), "Content-Encoding").empty());  // too small to gain
}

TEST_CASE("StaticFiles: only the folder's own files have an address") {
  const Folder folder;
  const auto files = site(folder);
  CHECK_FALSE(files->answer(get("/nothing.txt")));
  CHECK_FALSE(files->answer(get("/icons")));
  CHECK_FALSE(files->answer(get("/../etc/passwd")));
  CHECK_FALSE(files->answer(get("/assets/0000/tessera.js")));
  CHECK(files->answer(get("/icons/a.png")));
  HttpRequest post = get("/tessera.js");
  post.method = "POST";
  CHECK(files->answer(post)->status == 405);
}

TEST_CASE("StaticFiles: symbolic links are not followed, and a folder without a page is refused in words") {
  const Folder folder;
  const auto empty = StaticFiles::open(folder.path());
  REQUIRE_FALSE(empty.ok());
  CHECK(empty.error().message.find("index.html") != std::string::npos);
  folder.write("index.html", "x");
  fs::create_symlink("/etc/hostname", folder.path() / "secret");
  const auto files = StaticFiles::open(folder.path());
  REQUIRE(files.ok());
  CHECK_FALSE((*files)->answer(get("/secret")));
}

TEST_CASE("StaticFiles: without a web client there is a page that says how to get one") {
  const auto page = StaticFiles::placeholder()->answer(get("/"));
  REQUIRE(page);
  CHECK(body(*page).find("--web") != std::string::npos);
}
