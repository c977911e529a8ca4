// One plain page over the REST API. The token lives in this tab only.
'use strict';

const $ = id => document.getElementById(id);
let token = sessionStorage.getItem('token');
let vos = {};

async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: { Authorization: 'Bearer ' + token, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.status === 401) { logout(); throw new Error('Your login has expired.'); }
  const text = await answer.text();
  const data = text ? JSON.parse(text) : null;
  if (!answer.ok && answer.status !== 416) throw new Error((data && data.detail) || 'The server answered ' + answer.status);
  return data;
}

function element(name, text, type) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = text;
  if (type) made.className = type;
  return made;
}

function rows(table, list, cells) {
  $(table).tBodies[0].replaceChildren(...list.map(item => {
    const row = element('tr');
    row.append(...cells(item));
    return row;
  }));
}

function pills(place, counts, none) {
  $(place).replaceChildren(...(counts.length
    ? counts.map(c => element('span', `${c.count.toLocaleString()} ${c.Status}`, 'pill ' + c.Status))
    : [element('span', none)]));
}

const time = text => text ? new Date(text).toLocaleString() : '';

async function refresh() {
  try {
    const newest = { sort: [{ parameter: 'JobID', direction: 'desc' }] };
    const [counts, jobs, pilots, sites] = await Promise.all([
      call('POST', '/api/jobs/summary', { grouping: ['Status'] }),
      call('POST', '/api/jobs/search?per_page=25', newest),
      call('POST', '/api/pilots/summary', { grouping: ['Status'] }),
      call('GET', '/api/sites'),
    ]);
    pills('counts', counts, '');
    $('no-jobs').hidden = jobs.length > 0;
    $('jobs').hidden = jobs.length === 0;
    rows('jobs', jobs, job => [
      element('td', job.JobID), element('td', job.JobName), element('td', job.Owner), element('td', job.Site),
      element('td', job.Status, job.Status), element('td', job.MinorStatus), element('td', time(job.LastUpdateTime))]);
    pills('pilots', pilots, 'None: pilots start when there is work.');
    rows('sites', sites, site => [
      element('td', site.name), element('td', site.status + (site.reason ? ': ' + site.reason : ''), site.status),
      element('td', site.computing_elements.flatMap(ce => ce.queues.map(queue =>
        `${ce.name}/${queue.name}: ${queue.pilots_running} running, ${queue.pilots_waiting} waiting`
        + (queue.breaker === 'closed' ? '' : `, stopped after failures: ${queue.last_error || queue.breaker}`))).join('; '))]);
    $('trouble').textContent = '';
  } catch (trouble) {
    $('trouble').textContent = trouble.message;
  }
}

async function health() {
  let ready = false;
  try { ready = (await fetch('/api/health/ready')).ok; } catch { /* no server: shown below */ }
  $('health').textContent = ready ? 'ready' : 'not ready';
  $('health').className = 'pill ' + (ready ? 'ready' : 'away');
}

function show() {
  $('login').hidden = Boolean(token);
  $('view').hidden = $('logout').hidden = !token;
  $('who').textContent = '';
  if (token) {
    call('GET', '/api/auth/userinfo')
      .then(me => { $('who').textContent = `${me.preferred_username}, ${me.vo}/${me.dirac_group}`; }).catch(() => {});
    refresh();
  }
}

function logout() {
  token = null;
  sessionStorage.removeItem('token');
  show();
}

function groups() {
  const form = $('login');
  const vo = vos[form.vo.value];
  form.group.replaceChildren(...Object.keys(vo ? vo.groups : {}).map(name => element('option', name)));
  if (vo) form.group.value = vo.default_group;
}

$('login').addEventListener('submit', async event => {
  event.preventDefault();
  const form = event.target;
  const answer = await fetch('/api/auth/token', {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password', client_id: 'myDIRACClientID', username: form.username.value,
      password: form.password.value, scope: `vo:${form.vo.value} group:${form.group.value}`,
    }),
  });
  const data = await answer.json().catch(() => ({}));
  $('refused').textContent = answer.ok ? '' : data.detail || 'The server answered ' + answer.status;
  if (answer.ok) {
    token = data.access_token;
    sessionStorage.setItem('token', token);
    form.password.value = '';
    show();
  }
});
$('login').vo.addEventListener('change', groups);
$('logout').addEventListener('click', logout);

fetch('/.well-known/dirac-metadata').then(answer => answer.json()).then(metadata => {
  vos = metadata.virtual_organizations;
  $('login').vo.replaceChildren(...Object.keys(vos).map(name => element('option', name)));
  groups();
});
health();
show();
setInterval(health, 5000);
setInterval(() => { if (token && !document.hidden) refresh(); }, 4000);
