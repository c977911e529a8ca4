// The login of this tab: authorisation code with PKCE at whatever provider the VO has, kept until the tab is closed, refreshed, ended.
// Tokens live in sessionStorage: they survive a reload, no other site and no later tab can read them, and the page runs no script of
// others (Content-Security-Policy). A refresh token is good once, and a second use ends all sessions of its user: tabs that were
// duplicated are one family, tell each other of new tokens, and see in localStorage (no token is there) when theirs are no longer the newest.
const CLIENT = 'myDIRACClientID';
const CALLBACK = '#authentication-callback';
const KEPT = 'spinor-session';
const BEGUN = 'spinor-login';
const NEWEST = 'spinor-newest';
const EARLY_MS = 60_000;
const DAY_MS = 86_400_000;
/** The family is asked so often, each time for so long: a browser that is held still loses one look, not the session. */
const LOOKS = 5;
const LOOK_MS = 1000;
const channel = new BroadcastChannel(KEPT);

let session = JSON.parse(sessionStorage.getItem(KEPT));
let changed = () => {};
let caughtUp = () => {};

/** @param listener is called when another tab ended or renewed the session */
export const onChange = listener => { changed = listener; };
export const isLoggedIn = () => Boolean(session);

function keep(now) {
  session = now;
  if (now) sessionStorage.setItem(KEPT, JSON.stringify(now));
  else sessionStorage.removeItem(KEPT);
}

/** For each family of tabs when its newest token ends; those of yesterday are forgotten. */
function newest() {
  const all = Object.entries(JSON.parse(localStorage.getItem(NEWEST)) || {});
  return Object.fromEntries(all.filter(([, ends]) => ends > Date.now() - DAY_MS));
}

function tellFamily(family, ends) {
  localStorage.setItem(NEWEST, JSON.stringify({ ...newest(), [family]: ends }));
  channel.postMessage({ family, session });
}

channel.onmessage = ({ data }) => {
  if (!session || session.family !== data.family) return;
  if (data.asks) channel.postMessage({ family: session.family, session });
  else if (!data.session || data.session.ends > session.ends) {
    keep(data.session);
    caughtUp();
    changed();
  }
};

const pause = ms => new Promise(over => setTimeout(over, ms));

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
  keep(null);
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
  const family = session ? session.family : random();
  keep({ family, access: data.access_token, refresh: data.refresh_token, ends: Date.now() + data.expires_in * 1000 });
  tellFamily(family, session.ends);
  return null;
}

/** Whether another tab has renewed or ended the session, and this one has not heard it. */
const isBehind = () => session && newest()[session.family] > session.ends;

/** Asks the family for what it has. Goes on at once when that comes; only where nobody has it any more this takes all its time. */
async function catchUp() {
  for (let look = 0; isBehind() && look < LOOKS; look++) {
    const heard = new Promise(over => { caughtUp = over; });
    channel.postMessage({ family: session.family, asks: true });
    await Promise.race([heard, pause(LOOK_MS)]);
  }
}

/** A token that is good for a while, and not the spent one. Of the tabs of a family one at a time gets a new one. */
export async function freshToken(spent) {
  const good = () => session && session.access !== spent && session.ends - Date.now() > EARLY_MS;
  if (session && !good()) {
    await navigator.locks.request(KEPT, async () => {
      await catchUp();
      if (isBehind()) keep(null);
      if (!session || good()) return;
      if (await take({ grant_type: 'refresh_token', refresh_token: session.refresh })) keep(null);
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
export const logout = () => navigator.locks.request(KEPT, async () => {
  if (!session) return;
  const { family, refresh } = session;
  keep(null);
  tellFamily(family, Date.now() + DAY_MS);
  const answer = await fetch('/api/auth/revoke', {
    method: 'POST', body: new URLSearchParams({ client_id: CLIENT, token: refresh, token_type_hint: 'refresh_token' }),
  });
  if (!answer.ok) throw new Error(`Logged out here, but the server did not end the session (${answer.status}).`);
});
