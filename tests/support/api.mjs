// Asks a server's API as scripts do.

/** `path` is below /api/v1, but for those of /auth and the plain ones that begin with `//`. */
export async function api(server, method, path, { token, body, headers = {} } = {}) {
  const address = path.startsWith('//') ? path.slice(1) : path.startsWith('/auth') ? path : `/api/v1${path}`;
  const answer = await fetch(server.url + address, {
    method,
    headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
}

/** Gives an account a role, as the owner. */
export async function promote(server, ownerToken, account, role) {
  const changed = await api(server, 'PATCH', `/accounts/${account.id}`, { token: ownerToken, body: { role }, headers: { 'If-Match': '*' } });
  if (changed.status !== 200) throw new Error(`no ${role}: ${changed.status} ${changed.text}`);
}
