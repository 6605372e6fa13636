#pragma once

namespace tessera {

/// How the server's own pages look: the colours, type and measures of the app's theme. Stands in each page, known to its security
/// policy by its hash.
inline constexpr const char* page_style = R"(
:root{color-scheme:dark light;--ground:#DADDE2;--panel:#FFFFFF;--raised:#F1F3F6;--line:#DDE1E7;--text:#16191E;--soft:#505A67;--accent:#D9481C;--on:#FFFFFF;--good:#0E9F63;--warn:#A86A00;--bad:#D62F3F;--shade:rgb(22 25 30/.12)}
@media (prefers-color-scheme:dark){:root{--ground:#0D0F12;--panel:#16191E;--raised:#20242B;--line:#2C323B;--text:#EEF1F5;--soft:#A8B0BC;--accent:#FF6B3D;--on:#1A0E08;--good:#3DDC97;--warn:#FFC24B;--bad:#FF5A67;--shade:rgb(0 0 0/.4)}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;min-height:100dvh;display:grid;place-items:center;padding:24px 16px;background:var(--ground);color:var(--text);font:14px/20px Inter,system-ui,sans-serif;overflow-wrap:anywhere;-webkit-text-size-adjust:100%}
main{width:100%;max-width:400px;padding:24px;background:var(--panel);border:1px solid var(--line);border-radius:12px;box-shadow:0 12px 40px var(--shade)}
header{display:flex;align-items:center;gap:8px;margin-bottom:24px;color:var(--soft);font-weight:600}
header i{display:grid;flex:none;grid-template-columns:repeat(2,9px);gap:2px}
header b{height:9px;border-radius:2px;background:#FF6B3D}
header b:nth-child(2){background:#5AA9FF}
header b:nth-child(3){background:#3DDC97}
header b:nth-child(4){background:#FFC24B}
svg{display:block;width:32px;height:32px;margin-bottom:12px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.good{color:var(--good)}
.warn{color:var(--warn)}
.bad{color:var(--bad)}
h1{margin:0 0 8px;font-size:20px;line-height:28px;font-weight:600;text-wrap:balance}
p{margin:0 0 8px;color:var(--soft);text-wrap:pretty}
p.warn{color:var(--warn)}
.bad{color:var(--bad)}
form{margin:0}
label{display:block;margin:16px 0 4px;font-size:12px;line-height:16px;color:var(--soft)}
input{display:block;width:100%;height:44px;padding:0 12px;border:1px solid var(--line);border-radius:8px;background:var(--raised);color:inherit;font:16px/24px Inter,system-ui,sans-serif}
input.code{font-variant-numeric:tabular-nums;letter-spacing:.12em;text-transform:uppercase}
input::placeholder{color:var(--soft);opacity:1;text-transform:none;letter-spacing:0}
small{display:block;margin-top:4px;font-size:12px;line-height:16px;color:var(--soft)}
.button{display:flex;align-items:center;justify-content:center;width:100%;min-height:40px;margin-top:8px;padding:8px 16px;border:1px solid var(--line);border-radius:8px;background:var(--raised);color:var(--text);font:600 14px/20px Inter,system-ui,sans-serif;text-align:center;text-decoration:none;cursor:pointer}
.button.main{border-color:transparent;background:var(--accent);color:var(--on)}
p+.button,dl+form>.button:first-of-type,p+form>.button:first-of-type,input+.button,small+.button{margin-top:16px}
.button:hover{filter:brightness(1.06)}
.button.bare{margin-bottom:-8px;border-color:transparent;background:none;color:var(--soft);font-weight:400}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
input:focus-visible{outline-offset:-1px}
@media (pointer:coarse){.button{min-height:44px}}
.or{display:flex;align-items:center;gap:12px;margin:16px 0 0;color:var(--soft)}
.or::before,.or::after{content:"";flex:1;height:1px;background:var(--line)}
dl{margin:16px 0;border:1px solid var(--line);border-radius:8px;background:var(--raised)}
dl div{padding:8px 12px}
dl div+div{border-top:1px solid var(--line)}
dt{font-size:12px;line-height:16px;color:var(--soft)}
dd{margin:0;font-weight:600}
dd.code{font-size:20px;line-height:28px;letter-spacing:.12em;font-variant-numeric:tabular-nums}
)";

}  // namespace tessera
