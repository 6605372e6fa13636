// What an audit log of a million entries costs: to check it whole, and to search it.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "server/core/json_text.h"
#include "server/storage/open_store.h"
#include "shared/base/random.h"
#include "tests/bench/server_process.h"

namespace tessera {
namespace {

constexpr std::size_t entries = 1'000'000, per_commit = 5'000, rounds = 9;
constexpr double check_s = 3, search_ms = 50;

std::string text(double value, const char* unit, int digits) {
  char out[64];
  std::snprintf(out, sizeof out, "%.*f%s", digits, value, unit);
  return out;
}

double since_ms(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}

/// What staff of a large server do: few actors and actions make most of it, targets are many.
class Staff {
 public:
  AuditRecord next() {
    const std::uint32_t who = 1 + static_cast<std::uint32_t>(std::min(random_.below(40), random_.below(60)));
    const Kind& kind = kinds[pick()];
    time_ += static_cast<std::int64_t>(random_.below(1'400));
    AuditRecord record;
    record.time = WallTime{time_};
    if (random_.below(200) != 0)
      record.actor = AccountInfo{AccountId{who}, "staff " + std::to_string(who), AccountKind::Discord, Role::Moderator};
    record.action = kind.action;
    record.canvas = canvases[random_.below(canvases.size())];
    if (kind.target[0] != '\0') record.target = kind.target + std::to_string(random_.below(kind.targets));
    record.detail = JsonObject().text("reason", words()).number("x", number()).number("y", number()).str();
    if (who == 3 && record.action == std::string("lock.create"))
      record.detail = JsonObject().text("reason", "keep the lighthouse").str();
    return record;
  }

 private:
  struct Kind {
    const char* action;
    const char* target;
    std::uint64_t targets;
    std::uint64_t weight;
  };
  static constexpr std::array<Kind, 13> kinds{{{"auth.denied", "", 1, 400},
                                               {"auth.sign_in", "", 1, 200},
                                               {"account.note", "account:", 60'000, 90},
                                               {"account.ban", "account:", 60'000, 60},
                                               {"account.role", "account:", 60'000, 20},
                                               {"lock.create", "lock:", 20'000, 60},
                                               {"lock.change", "lock:", 20'000, 30},
                                               {"lock.lift", "lock:", 20'000, 30},
                                               {"report.resolve", "report:", 50'000, 60},
                                               {"report.dismiss", "report:", 50'000, 40},
                                               {"rollback.apply", "rollback:", 9'000, 20},
                                               {"canvas.pause", "canvas:", 4, 5},
                                               {"announcement.create", "announcement:", 4'000, 5}}};
  static constexpr std::array<const char*, 6> canvases{"main", "main", "main", "event-2026", "sandbox", ""};
  static constexpr std::array<const char*, 24> vocabulary{
      "griefing", "spam",    "the",    "picture", "of",      "template", "drew",    "over",
      "others",   "again",   "bot",    "like",    "regular", "timing",   "appeal",  "accepted",
      "event",    "overlay", "corner", "flag",    "vandal",  "warning",  "players", "border"};

  std::size_t pick() {
    std::uint64_t at = random_.below(1'020);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      if (at < kinds[i].weight) return i;
      at -= kinds[i].weight;
    }
    return 0;
  }
  std::int64_t number() { return static_cast<std::int64_t>(random_.below(2'000)); }
  std::string words() {
    std::string out = vocabulary[random_.below(vocabulary.size())];
    for (std::uint64_t more = 1 + random_.below(7); more > 0; --more)
      out += std::string(" ") + vocabulary[random_.below(vocabulary.size())];
    return out;
  }

  SeededRandom random_{1};
  std::int64_t time_ = 1'649'073'600'000;
};

void fill(Store& store) {
  Staff staff;
  for (std::size_t i = 0; i < entries / per_commit; ++i) {
    WriteSet set;
    for (std::size_t k = 0; k < per_commit; ++k) set.audit.push_back(staff.next());
    if (const CommitResult result = store.commit(set); result.outcome != CommitOutcome::Stored) fail(result.message);
  }
}

/// What an action costs the commit that it is part of, once the log is long.
void measure_writing(Store& store) {
  Staff staff;
  std::vector<double> each;
  for (int i = 0; i < 400; ++i) {
    WriteSet set;
    set.audit.push_back(staff.next());
    const auto start = std::chrono::steady_clock::now();
    if (store.commit(set).outcome != CommitOutcome::Stored) fail("commit");
    each.push_back(since_ms(start));
  }
  std::sort(each.begin(), each.end());
  std::printf("a commit of one entry: median %.2f ms, p99 %.2f ms, most %.2f ms\n", each[200], each[395], each.back());
}

void measure_check(StoreReader& reader) {
  const std::clock_t cpu = std::clock();
  const auto start = std::chrono::steady_clock::now();
  const auto check = reader.check_audit();
  const double seconds = since_ms(start) / 1000;
  std::printf("verification: %.2f s of CPU\n", static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC);
  if (!check || check->bad || check->entries < entries) fail(check ? check->what : check.error().message);
  bench::figure("verification of an audit log of 1 million entries", text(seconds, " s", 2), "≤ 3 s",
                seconds <= check_s);
}

double worst = 0;

void measure(StoreReader& reader, const char* name, const AuditQuery& query, std::size_t at_least) {
  std::vector<double> took;
  std::size_t found = 0;
  for (std::size_t i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto result = reader.audit(query);
    took.push_back(since_ms(start));
    if (!result) fail(result.error().message);
    found = result->size();
  }
  if (found < at_least) fail(std::string(name) + ": found " + std::to_string(found));
  std::sort(took.begin(), took.end());
  worst = std::max(worst, took.back());
  std::printf("%-52s median %7.2f ms, worst %7.2f ms, %zu found\n", name, took[rounds / 2], took.back(), found);
}

void measure_searches(StoreReader& reader) {
  const auto at = [](std::int64_t hours) { return WallTime{1'649'073'600'000 + hours * 3'600'000}; };
  const AccountId common{1}, rare{40};
  measure(reader, "newest", {}, 50);
  measure(reader, "before an id", {.before = 500'000}, 50);
  measure(reader, "actor, common", {.actor = common}, 50);
  measure(reader, "actor, who did nothing", {.actor = AccountId{999'999}}, 0);
  measure(reader, "action, whole", {.action = "account.ban"}, 50);
  measure(reader, "action, up to a dot", {.action = "account"}, 50);
  measure(reader, "action, up to a dot, far back", {.action = "lock", .before = 1'000}, 50);
  measure(reader, "canvas", {.canvas = "event-2026"}, 50);
  measure(reader, "target", {.target = "account:777"}, 1);
  measure(reader, "an hour", {.since = at(50), .until = at(51)}, 50);
  measure(reader, "an hour, action, actor", {.actor = common, .action = "lock", .since = at(50), .until = at(60)}, 1);
  measure(reader, "actor and action, common", {.actor = common, .action = "auth.denied"}, 50);
  measure(reader, "actor, action and canvas", {.actor = rare, .action = "report", .canvas = "sandbox"}, 50);
  measure(reader, "target and an actor who never did it", {.actor = AccountId{999}, .target = "canvas:1"}, 0);
  measure(reader, "canvas and target, no entry of both", {.canvas = "nowhere", .target = "canvas:1"}, 0);
  measure(reader, "action and target that exclude each other", {.action = "auth.denied", .target = "canvas:1"}, 0);
  measure(reader, "text, a word", {.text = "Vandal"}, 50);
  measure(reader, "text, a phrase of common words", {.text = "vandal spam griefing"}, 1);
  measure(reader, "text, a phrase of common words that is nowhere", {.text = "griefing vandal griefing bot spam flag"},
          0);
  measure(reader, "text, a number", {.text = "lock:19999"}, 1);
  measure(reader, "text, what every entry has", {.text = "\"target\":"}, 50);
  measure(reader, "text, with what every entry has", {.text = "\"target\":\"lock:19999\""}, 1);
  measure(reader, "text, one name", {.text = "staff 40"}, 50);
  measure(reader, "text, nowhere", {.text = "zebra"}, 0);
  measure(reader, "text, rare, and a common actor", {.actor = common, .text = "lighthouse"}, 0);
  measure(reader, "text, rare, and the actor", {.actor = AccountId{3}, .text = "lighthouse"}, 50);
  measure(reader, "text, common, and a rare target", {.target = "account:778", .text = "account"}, 1);
  measure(reader, "text, common, and a common actor", {.actor = common, .text = "griefing"}, 50);
  measure(reader, "text and action that exclude each other", {.action = "auth.denied", .text = "lock:1"}, 0);
  measure(reader, "text, action and canvas, all common, none",
          {.action = "auth.sign_in", .canvas = "main", .text = "rollback:"}, 0);
  measure(reader, "text, action, actor, canvas and time",
          {.actor = common, .action = "account", .canvas = "main", .since = at(20), .until = at(150), .text = "appeal"},
          50);
  bench::figure("audit search in 1 million entries, the worst of all", text(worst, " ms", 1), "≤ 50 ms",
                worst <= search_ms);
}

}  // namespace
}  // namespace tessera

/// With a directory for an argument, the log that is there is measured, or filled first; it stays.
int main(int argc, char** argv) {
  using namespace tessera;
  const std::filesystem::path where =
      argc > 1 ? std::filesystem::path(argv[1])
               : std::filesystem::temp_directory_path() / ("tessera-audit-bench-" + std::to_string(::getpid()));
  const bool fill_it = !std::filesystem::exists(where);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  SystemRandom random;
  auto opened = open_store(data_directory_url(where), StoreAccess::Write, random);
  if (!opened) fail(opened.error().message);
  const auto start = std::chrono::steady_clock::now();
  if (fill_it) {
    fill(*opened->store);
    std::printf("%zu entries written in %.0f s\n", entries, since_ms(start) / 1000);
  }
  measure_writing(*opened->store);
  opened = Error{""};  // as it is found by a server that starts
  std::printf("%.0f bytes an entry\n",
              static_cast<double>(std::filesystem::file_size(where / "tessera.db")) / static_cast<double>(entries));
  opened = open_store(data_directory_url(where), StoreAccess::Write, random);
  if (!opened) fail(opened.error().message);
  auto reader = opened->store->reader();
  if (!reader) fail(reader.error().message);
  measure_check(**reader);
  measure_searches(**reader);
  reader = Error{""};
  opened = Error{""};
  if (argc == 1) std::filesystem::remove_all(where);
}
