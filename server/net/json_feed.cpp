#include "server/net/json_feed.h"

#include <array>
#include <cassert>
#include <charconv>

#include <openssl/sha.h>

#include "server/core/problem.h"
#include "server/core/staff_text.h"
#include "shared/base/text.h"
#include "shared/canvas/palette.h"

namespace tessera {
namespace {

constexpr Duration online_interval = std::chrono::seconds(1);

void append_number(std::uint64_t number, std::string& out) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

/// `"#RRGGBB"` of every index, `null` for empty and for what the palette does not have.
std::vector<std::string> color_words(const std::vector<PaletteEntry>& palette) {
  std::vector<std::string> words(256, "null");
  for (std::size_t i = 0; i < palette.size() && i < empty_color; ++i)
    words[i] = '"' + format_color({palette[i].r, palette[i].g, palette[i].b}) + '"';
  return words;
}

std::string pixels_json(const std::vector<std::shared_ptr<const Batch>>& batches, const std::vector<PaletteEntry>& palette) {
  const std::vector<std::string> words = color_words(palette);
  std::string out = "[";
  for (const auto& batch : batches) {
    for (const Placement& placement : batch->placements) {
      out += out.size() > 1 ? ",{\"x\":" : "{\"x\":";
      append_number(placement.cell.x, out);
      out += ",\"y\":";
      append_number(placement.cell.y, out);
      out += ",\"color\":";
      out += words[placement.color];
      out += '}';
    }
  }
  return out + ']';
}

std::string sha256_hex(std::string_view text) {
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return to_hex(ByteSpan(digest));
}

std::string canvas_text(const CanvasInfo& canvas) {
  std::string palette = "[";
  for (const PaletteEntry& entry : canvas.palette) {
    if (palette.size() > 1) palette += ',';
    palette += JsonObject().text("color", format_color({entry.r, entry.g, entry.b})).text("name", entry.name).flag("retired", entry.retired).str();
  }
  return JsonObject()
      .text("name", canvas.name)
      .number("width", canvas.width)
      .number("height", canvas.height)
      .json("palette", palette + ']')
      .text("access", code(canvas.access))
      .number("version", canvas.version)
      .str();
}

}  // namespace

void JsonFeed::add(const Published& published) {
  if (!published.batch || published.batch->placements.empty()) return;
  assert(!must_flush_before(published));
  if (published.epoch != epoch_) told_ = 0;
  epoch_ = published.epoch;
  time_ = published.time;
  batches_.push_back(published.batch);
}

std::optional<TimePoint> JsonFeed::due() const {
  if (batches_.empty()) return std::nullopt;
  return next_;
}

std::optional<std::string> JsonFeed::take(const std::vector<PaletteEntry>& palette, TimePoint now) {
  if (batches_.empty() || now < next_) return std::nullopt;
  return take_now(palette, now);
}

std::string JsonFeed::take_now(const std::vector<PaletteEntry>& palette, TimePoint now) {
  const std::string pixels = pixels_json(batches_, palette);
  const Seq first = batches_.front()->placements.front().seq;
  const Seq last = batches_.back()->placements.back().seq;
  std::string out = "{\"type\":\"pixel:bulk_update\",\"data\":{\"pixels\":" + pixels;
  out += ",\"first_seq\":" + std::to_string(first) + ",\"last_seq\":" + std::to_string(last);
  out += ",\"epoch\":\"" + to_hex(static_cast<std::uint64_t>(epoch_)) + "\",\"hash\":\"" + sha256_hex(pixels) + "\"}";
  out += ",\"timestamp\":\"" + format_time(time_) + "\"}";
  batches_.clear();
  told_ = last;
  const bool on_the_beat = now >= next_ && now - next_ < interval_ / 5;  // a thread may be a little late; that shifts nothing
  next_ = (on_the_beat ? next_ : now) + interval_;
  return out;
}

std::optional<TimePoint> JsonFeed::online_due() const {
  if (online_told_ == online_) return std::nullopt;
  return online_next_;
}

std::optional<std::string> JsonFeed::take_online(TimePoint now) {
  if (online_told_ == online_ || now < online_next_) return std::nullopt;
  online_told_ = online_;
  online_next_ = now + online_interval;
  return "{\"type\":\"users:count\",\"data\":{\"count\":" + std::to_string(online_) + "}}";
}

void JsonFeed::clear() { batches_.clear(); }

std::string json_accepted(Seq seq, Cell cell, const ChargeState& charges) {
  std::string out;
  out.reserve(128);
  out += "{\"type\":\"pixel:accepted\",\"data\":{\"seq\":";
  append_number(seq, out);
  out += ",\"x\":";
  append_number(cell.x, out);
  out += ",\"y\":";
  append_number(cell.y, out);
  out += ",\"charges\":";
  if (charges.max == 0) out += "null";
  else append_number(charges.charges, out);
  out += ",\"next_charge_ms\":";
  append_number(charges.next_ms, out);
  return out += "}}";
}

std::string json_error(std::string_view code, std::string_view detail, std::optional<AskedPosition> position,
                       std::uint32_t retry_after_ms) {
  std::string out = "{\"type\":\"error\",\"data\":{\"code\":" + json_string(code) + ",\"detail\":" + json_string(detail);
  if (position) out += ",\"x\":" + std::to_string(position->x) + ",\"y\":" + std::to_string(position->y);
  if (retry_after_ms > 0) out += ",\"retry_after_ms\":" + std::to_string(retry_after_ms);
  return out + "}}";
}

std::optional<std::string> json_notice(const ServerMessage& message) {
  const auto notice = [](const char* type, const std::string& data) {
    return std::string("{\"type\":\"") + type + "\",\"data\":" + data + "}";
  };
  const auto removed = [&](const char* type, auto id) {
    return notice(type, JsonObject().number("id", static_cast<std::uint32_t>(id)).str());
  };
  if (const auto* changed = std::get_if<CanvasChanged>(&message)) return notice("canvas:changed", canvas_text(changed->canvas));
  if (const auto* pause = std::get_if<PauseChanged>(&message))
    return notice(pause->paused ? "session:paused" : "session:resumed", JsonObject().text("message", pause->message).str());
  if (const auto* lock = std::get_if<LockChanged>(&message))
    return notice(lock->created ? "lock:created" : "lock:changed", lock_text(lock->lock));
  if (const auto* lock = std::get_if<LockRemoved>(&message)) return removed("lock:removed", lock->id);
  if (const auto* told = std::get_if<AnnouncementChanged>(&message))
    return notice(told->created ? "announcement:created" : "announcement:changed", announcement_text(told->announcement));
  if (const auto* told = std::get_if<AnnouncementRemoved>(&message)) return removed("announcement:removed", told->id);
  if (const auto* told = std::get_if<ScheduleChanged>(&message)) return notice("schedule:created", schedule_text(told->entry));
  if (const auto* told = std::get_if<ScheduleRemoved>(&message)) return removed("schedule:removed", told->id);
  if (const auto* report = std::get_if<ReportOutcome>(&message)) {
    const JsonObject data = JsonObject().number("id", static_cast<std::uint32_t>(report->id)).text("state", code(report->state)).text("outcome", report->outcome);
    return notice("report:outcome", data.str());
  }
  if (const auto* news = std::get_if<StaffNews>(&message)) {
    return notice("staff:news", JsonObject()
                                    .number("audit_entries", static_cast<std::int64_t>(news->audit_entries))
                                    .number("open_reports", news->open_reports)
                                    .number("rollbacks_changed", news->rollbacks_changed)
                                    .str());
  }
  if (const auto* warning = std::get_if<Warning>(&message)) return notice("account:warned", JsonObject().text("text", warning->text).str());
  return std::nullopt;
}

}  // namespace tessera
