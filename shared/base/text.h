#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/bytes.h"
#include "shared/base/clock.h"

namespace tessera {

/// Whether `text` is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// The number of code points in well-formed UTF-8.
std::size_t code_points(std::string_view text);

constexpr std::size_t display_name_code_points = 32;

/// A name as it may be shown: control, bidirectional and invisible characters dropped, runs of white space made one
/// blank, ends trimmed. Nothing where that leaves nothing, where `text` is not UTF-8, or over `max_code_points`.
std::optional<std::string> display_name(std::string_view text, std::size_t max_code_points = display_name_code_points);

/// `2022-04-04T12:00:00.024Z` (RFC 3339, UTC, milliseconds).
std::string format_time(WallTime time);

/// RFC 3339 with any offset and 0 to 9 digits of a second, or the datasets' `2022-04-04 12:00:00.024 UTC`; years 1970
/// to 9999.
std::optional<WallTime> parse_time(std::string_view text);

/// Lower-case hexadecimal, two digits a byte.
std::string to_hex(ByteSpan bytes);
/// 16 digits, high ones first; how an epoch is written in JSON and addresses.
std::string to_hex(std::uint64_t value);
/// Exactly `2 × size` hexadecimal digits of either case.
std::optional<Bytes> from_hex(std::string_view text);

/// Decimal digits only, no sign, no blanks, at most `max`.
std::optional<std::uint64_t> parse_number(std::string_view text, std::uint64_t max = UINT64_MAX);

}  // namespace tessera
