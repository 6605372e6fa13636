#include <algorithm>
#include <cmath>

#include "app/model/canvases.h"
#include "shared/base/text.h"
#include "shared/protocol/limits.h"

/// A canvas's set-up as words in fields, and back.
namespace tessera {
namespace {

// As far as the server goes.
constexpr double fastest = 100'000;
constexpr std::uint64_t most_burst = 1'000'000, most_per_minute = 60'000, longest_cooldown_s = 7 * 24 * 3'600;
constexpr std::size_t most_decimals = 6;
constexpr std::size_t shortest_code = 4, longest_code = 32;

std::string plain(double value) {
  const auto millionths = static_cast<std::uint64_t>(std::llround(value * 1'000'000));
  std::string text = std::to_string(millionths / 1'000'000);
  if (millionths % 1'000'000 == 0) return text;
  std::string part = std::to_string(1'000'000 + millionths % 1'000'000).substr(1);
  while (part.back() == '0') part.pop_back();
  return text + "." + part;
}

RulesForm form_of(const PlacingRules& rules) {
  RulesForm form;
  if (rules.per_second) {
    form.per_second = plain(*rules.per_second);
    form.burst = std::to_string(rules.burst);
  }
  if (rules.per_minute) form.per_minute = std::to_string(*rules.per_minute);
  form.cooldown = plain(rules.cooldown_ms / 1'000.0);
  return form;
}

/// `12`, `0.5`, `0,5`.
std::optional<double> decimal(const std::string& text, double most) {
  const std::size_t mark = text.find_first_of(".,");
  const auto whole = parse_number(text.substr(0, mark), static_cast<std::uint64_t>(most));
  if (!whole) return std::nullopt;
  double value = static_cast<double>(*whole);
  if (mark != std::string::npos) {
    const std::string digits = text.substr(mark + 1);
    const auto part = parse_number(digits, 999'999);
    if (digits.size() > most_decimals || !part) return std::nullopt;
    value += static_cast<double>(*part) / std::pow(10.0, static_cast<double>(digits.size()));
  }
  if (value > most) return std::nullopt;
  return value;
}

/// What was not touched is as it was, whatever its digits: a third of a charge cannot be written down.
Result<PlacingRules, Phrase> read_rules(const RulesForm& form, const PlacingRules& base) {
  PlacingRules rules;
  if (!form.per_second.empty()) {
    const bool untouched = form.per_second == form_of(base).per_second;
    rules.per_second = untouched ? base.per_second : decimal(form.per_second, fastest);
    if (!rules.per_second || *rules.per_second <= 0) return Phrase{Text::RateWrong, {}};
    const auto burst = parse_number(form.burst, most_burst);
    if (!burst || *burst == 0) return Phrase{Text::BurstWrong, {}};
    rules.burst = static_cast<std::uint32_t>(*burst);
  }
  if (!form.per_minute.empty()) {
    const auto most = parse_number(form.per_minute, most_per_minute);
    if (!most || *most == 0) return Phrase{Text::PerMinuteWrong, {}};
    rules.per_minute = static_cast<std::uint32_t>(*most);
  }
  if (!form.cooldown.empty()) {
    const auto seconds = decimal(form.cooldown, static_cast<double>(longest_cooldown_s));
    if (!seconds) return Phrase{Text::CooldownWrong, {}};
    rules.cooldown_ms = static_cast<std::uint32_t>(std::llround(*seconds * 1'000));
  }
  return rules;
}

bool is_name(const std::string& name) {
  const auto plain_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (name.empty() || name.size() > limits::canvas_name_bytes || !plain_letter(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) { return plain_letter(c) || c == '-' || c == '_'; });
}

/// As the server keeps it: upper case (letters beyond ASCII are left to the server), without what only separates.
std::string read_code(const std::string& text) {
  std::string code;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return code;
}

std::optional<FormProblem> read_colors(const SetupForm& form, const CanvasSetup& base, CanvasSetup& out) {
  const auto wrong = [](Phrase why) { return FormProblem{SetupPart::Colors, std::move(why)}; };
  out.palette.clear();
  for (std::size_t i = 0; i < form.colors.size(); ++i) {
    const ColorForm& entry = form.colors[i];
    const bool known = i < base.palette.size();
    const auto color = known ? base.palette[i].color : parse_color(entry.color);
    if (!color) return wrong({Text::ColorWrong, {entry.color}});
    const bool twice = std::any_of(out.palette.begin(), out.palette.end(),
                                   [&](const PaletteColor& other) { return other.color == *color; });
    if (twice) return wrong({Text::ColorTwice, {format_color(*color)}});
    std::string name = entry.name;
    if (!name.empty()) {
      const auto shown = display_name(name, Palette::max_name_code_points);
      if (!shown) return wrong({Text::ColorNameWrong, {}});
      name = *shown;
    }
    // Without a name of its own a colour is called by its code.
    out.palette.push_back({*color, name.empty() ? format_color(*color) : name, entry.retired});
  }
  const bool some = std::any_of(out.palette.begin(), out.palette.end(), [](const PaletteColor& c) { return !c.retired; });
  if (!some) return wrong({Text::ColorsGone, {}});
  if (out.palette.size() > Palette::max_colors) return wrong({Text::ColorsMany, {}});
  return std::nullopt;
}

std::optional<FormProblem> read_all_rules(const SetupForm& form, const CanvasSetup& base, CanvasSetup& out) {
  const auto wrong = [](Phrase why) { return FormProblem{SetupPart::Rules, std::move(why)}; };
  const auto rules = read_rules(form.rules, base.rules);
  if (!rules) return wrong(rules.error());
  out.rules = *rules;
  out.guests = form.guests;
  for (std::size_t role = 0; role < role_count; ++role) {
    out.roles[role].reset();
    if (!form.roles[role]) continue;
    const auto own = read_rules(*form.roles[role], base.roles[role].value_or(base.rules));
    if (!own) return wrong(own.error());
    out.roles[role] = *own;
  }
  out.access = form.access;
  out.code = form.access == Access::Code ? read_code(form.code) : std::string();
  const bool code_fits = out.code.size() >= shortest_code && out.code.size() <= longest_code;
  if (form.access == Access::Code && !code_fits) return wrong({Text::CodeMissing, {}});
  return std::nullopt;
}

}  // namespace

SetupForm form_of(const CanvasSetup& setup) {
  SetupForm form;
  form.name = setup.name;
  form.width = std::to_string(setup.width);
  form.height = std::to_string(setup.height);
  for (const PaletteColor& entry : setup.palette)
    form.colors.push_back({format_color(entry.color), entry.name, entry.retired});
  form.rules = form_of(setup.rules);
  form.guests = setup.guests;
  for (std::size_t role = 0; role < role_count; ++role)
    if (setup.roles[role]) form.roles[role] = form_of(*setup.roles[role]);
  form.access = setup.access;
  form.code = setup.code;
  form.message = setup.message;
  return form;
}

Result<CanvasSetup, FormProblem> read_form(const SetupForm& form, const CanvasSetup& base) {
  CanvasSetup out = base;
  out.name = form.name;
  if (!is_name(out.name)) return FormProblem{SetupPart::General, {Text::CanvasNameWrong, {}}};
  const auto width = parse_number(form.width, max_canvas_side), height = parse_number(form.height, max_canvas_side);
  if (!width || !height || *width == 0 || *height == 0) {
    return FormProblem{SetupPart::General, {Text::SizeWrong, {std::to_string(max_canvas_side)}}};
  }
  out.width = static_cast<std::uint32_t>(*width);
  out.height = static_cast<std::uint32_t>(*height);
  if (auto problem = read_colors(form, base, out)) return *problem;
  if (auto problem = read_all_rules(form, base, out)) return *problem;
  return out;
}

}  // namespace tessera
