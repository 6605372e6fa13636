#pragma once

namespace tessera {

class Router;
struct HttpServices;

/// Each resource adds its routes; `services` outlives the router.
void add_health_routes(Router& router, const HttpServices& services);
void add_server_routes(Router& router, const HttpServices& services);
void add_figure_routes(Router& router, const HttpServices& services);
void add_canvas_routes(Router& router, const HttpServices& services);
void add_picture_routes(Router& router, const HttpServices& services);
void add_tile_routes(Router& router, const HttpServices& services);
void add_placement_routes(Router& router, const HttpServices& services);
void add_stats_route(Router& router, const HttpServices& services);
void add_undo_routes(Router& router, const HttpServices& services);
void add_cell_routes(Router& router, const HttpServices& services);
void add_sign_in_routes(Router& router, const HttpServices& services);
void add_session_routes(Router& router, const HttpServices& services);
void add_account_routes(Router& router, const HttpServices& services);
void add_bot_routes(Router& router, const HttpServices& services);
void add_invite_routes(Router& router, const HttpServices& services);
void add_discord_routes(Router& router, const HttpServices& services);
void add_device_routes(Router& router, const HttpServices& services);
void add_device_page(Router& router, const HttpServices& services);
void add_metrics_route(Router& router, const HttpServices& services);
void add_lock_routes(Router& router, const HttpServices& services);
void add_grant_routes(Router& router, const HttpServices& services);
void add_announcement_routes(Router& router, const HttpServices& services);
void add_rollback_routes(Router& router, const HttpServices& services);
void add_schedule_routes(Router& router, const HttpServices& services);
void add_snapshot_routes(Router& router, const HttpServices& services);
void add_audit_routes(Router& router, const HttpServices& services);
void add_report_routes(Router& router, const HttpServices& services);
void add_profile_routes(Router& router, const HttpServices& services);
void add_activity_route(Router& router, const HttpServices& services);
void add_automation_route(Router& router, const HttpServices& services);
void add_plain_routes(Router& router, const HttpServices& services);

}  // namespace tessera
