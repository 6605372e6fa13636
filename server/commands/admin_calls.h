#pragma once

#include <span>
#include <string>
#include <vector>

/// What `tessera-server admin` can do, as a table: each line of it is one call of the API.
namespace tessera::admin {

enum class Kind : std::uint8_t {
  Text,
  Number,
  Json,
  Switch,  ///< a flag without a value: true
  Area,    ///< `x,y,width,height`
  Size,    ///< `WxH`
  Null,    ///< not asked for: always null
  False,   ///< not asked for: always false
  True,    ///< not asked for: always true
};
enum class Where : std::uint8_t { Path, Query, Body };

struct Field {
  const char* name;  ///< `--reason`, or `id` for a word that must stand there
  Kind kind = Kind::Text;
  Where where = Where::Body;
  const char* key;  ///< in the address, the query or the body, `a.b` for a member b of a there; of an area or a size: empty where its parts stand for themselves
  const char* about = "";
};

struct AdminCall {
  const char* group;  ///< `lock`
  const char* verb;   ///< `add`
  const char* method;
  const char* path;  ///< below /api/v1; parts between braces are fields of the path
  const char* about;
  std::vector<Field> fields;
};

std::span<const AdminCall> calls();

}  // namespace tessera::admin
