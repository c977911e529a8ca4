// The login of this tab: authorisation code with PKCE at whatever provider the VO has, kept until the tab is closed, refreshed, ended.
// Tokens live in sessionStorage: they survive a reload, no other site and no later tab can read them, and the page runs no script of
// others (Content-Security-Policy). Tabs that were duplicated share a session, so they tell each other of its tokens.
const CLIENT = 'myDIRACClientID';
const CALLBACK = '#authentication-callback';
const KEPT = 'spinor-session';
const BEGUN = 'spinor-login';
const EARLY_MS = 60_000;
const channel = new BroadcastChannel(KEPT);

let session = JSON.parse(sessionStorage.getItem(KEPT));
let changed = () => {};

/** @param listener is called when somebody else ended or renewed the session */
export const onChange = listener => { changed = listener; };
export const isLoggedIn = () => Boolean(session);

function keep(now) {
  session = now;
  if (now) sessionStorage.setItem(KEPT, JSON.stringify(now));
  else sessionStorage.removeItem(KEPT);
}

channel.onmessage = ({ data }) => {
  if (session && data.spent === session.refresh) {
    keep(data.session);
    changed();
  }
};

async function json(answer) {
  const text = await answer.text();
  try { return text ? JSON.parse(text) : null; } catch { return null; }
}

const discovery = async () => json(await fetch('/.well-known/openid-configuration'));
const base64url = bytes => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const redirect = () => location.origin + '/' + CALLBACK;

/** Leaves for the login. Throws what keeps this page from it. */
export async function begin(scope) {
  const server = await discovery();
  if (new URL(server.issuer).origin !== location.origin) {
    throw new Error(`This server is called ${server.issuer}: open the page there to log in.`);
  }
  if (!crypto.subtle) throw new Error('Browsers log in over HTTPS or on localhost only.');
  const login = { state: random(), verifier: random() };
  sessionStorage.setItem(BEGUN, JSON.stringify(login));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(login.verifier));
  location.assign(server.authorization_endpoint + '?' + new URLSearchParams({
    response_type: 'code', client_id: CLIENT, redirect_uri: redirect(), scope, state: login.state,
    code_challenge: base64url(new Uint8Array(digest)), code_challenge_method: 'S256',
  }));
}

/** Takes the answer of the login if the browser just came back with one. Throws why there is no session now. */
export async function finish() {
  if (!location.hash.startsWith(CALLBACK + '?')) return;
  const answer = new URLSearchParams(location.hash.slice(CALLBACK.length + 1));
  // neither history nor a reload shall meet the code again
  history.replaceState(null, '', location.pathname);
  const login = JSON.parse(sessionStorage.getItem(BEGUN));
  sessionStorage.removeItem(BEGUN);
  if (!login || login.state !== answer.get('state')) {
    throw new Error('This answer belongs to no login of this tab. Please log in again.');
  }
  if (answer.has('error')) {
    const error = answer.get('error');
    throw new Error(error === 'access_denied' ? 'The login was refused or cancelled.' : `The login failed: ${error}.`);
  }
  const refused = await take({
    grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: redirect(), code_verifier: login.verifier,
  });
  if (refused) throw new Error(refused);
}

/** Trades something for tokens; returns the reason where the server refuses. */
async function take(fields) {
  const answer = await fetch('/api/auth/token', { method: 'POST', body: new URLSearchParams({ client_id: CLIENT, ...fields }) });
  const data = await json(answer);
  if (!answer.ok) {
    const reason = (data && data.detail) || `The server answered ${answer.status}.`;
    if (answer.status >= 500 || answer.status === 429) throw new Error(reason);
    return reason;
  }
  keep({ access: data.access_token, refresh: data.refresh_token, ends: Date.now() + data.expires_in * 1000 });
  return null;
}

/** A token that is good for a while. Of several tabs with one session one refreshes: a second use would end it. */
export async function freshToken(spent) {
  const good = () => session && session.access !== spent && session.ends - Date.now() > EARLY_MS;
  if (session && !good()) {
    await navigator.locks.request(KEPT, async () => {
      if (!session || good()) return;
      const before = session.refresh;
      if (await take({ grant_type: 'refresh_token', refresh_token: before })) keep(null);
      channel.postMessage({ spent: before, session });
      await new Promise(heard => setTimeout(heard, 200)); // before their turn comes
    });
  }
  if (!session) throw new Error('Your login has ended. Please log in again.');
  return session.access;
}

/** Asks the server as the user; an answer of 401 is asked once more with a new token. */
export async function ask(path, options = {}) {
  const send = access => fetch(path, { ...options, headers: { ...options.headers, Authorization: 'Bearer ' + access } });
  const access = await freshToken();
  const answer = await send(access);
  return answer.status === 401 ? send(await freshToken(access)) : answer;
}

export async function call(method, path, body) {
  const answer = await ask(path, body === undefined ? { method } : {
    method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' },
  });
  const data = await json(answer);
  if (!answer.ok && answer.status !== 416) throw new Error((data && data.detail) || `The server answered ${answer.status}.`);
  return data;
}

/** Ends the session, here at once and at the server too. */
export async function logout() {
  const { refresh } = session;
  keep(null);
  channel.postMessage({ spent: refresh, session: null });
  const answer = await fetch('/api/auth/revoke', {
    method: 'POST', body: new URLSearchParams({ client_id: CLIENT, token: refresh, token_type_hint: 'refresh_token' }),
  });
  if (!answer.ok) throw new Error(`Logged out here, but the server did not end the session (${answer.status}).`);
}
