// One plain page over the REST API.
import { begin, call, finish, isLoggedIn, logout, onChange } from './session.js';

const $ = id => document.getElementById(id);
let vos = {};

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
      element('td', site.name), element('td', site.status + (site.reason ? ': ' + site.reason : '')
        + (site.silent_since ? `; nobody there is heard since ${time(site.silent_since)}` : ''), site.silent_since ? 'Waiting' : site.status),
      element('td', site.computing_elements.flatMap(ce => ce.queues.map(queue =>
        `${ce.name}/${queue.name}: ${queue.pilots_running} running, ${queue.pilots_waiting} waiting`
        + (queue.breaker === 'closed' ? '' : `, stopped after failures: ${queue.last_error || queue.breaker}`))).join('; '))]);
    $('trouble').textContent = '';
  } catch (trouble) {
    if (isLoggedIn()) {
      $('trouble').textContent = trouble.message;
    } else {
      $('refused').textContent = trouble.message;
      show();
    }
  }
}

async function health() {
  let ready = false;
  try { ready = (await fetch('/api/health/ready')).ok; } catch { /* no server: shown below */ }
  $('health').textContent = ready ? 'ready' : 'not ready';
  $('health').className = 'pill ' + (ready ? 'ready' : 'away');
}

function show() {
  const inside = isLoggedIn();
  $('login').hidden = inside;
  $('view').hidden = $('logout').hidden = !inside;
  $('who').textContent = '';
  if (inside) {
    call('GET', '/api/auth/userinfo')
      .then(me => { $('who').textContent = `${me.preferred_username}, ${me.vo}/${me.dirac_group}`; }).catch(() => {});
    refresh();
  }
}

async function orTell(work) {
  $('refused').textContent = '';
  try { await work(); } catch (trouble) { $('refused').textContent = trouble.message; }
}

function groups() {
  const form = $('login');
  const vo = vos[form.vo.value];
  form.group.replaceChildren(...Object.keys(vo ? vo.groups : {}).map(name => element('option', name)));
  if (vo) form.group.value = vo.default_group;
}

async function offer() {
  const metadata = await (await fetch('/.well-known/dirac-metadata')).json();
  vos = metadata.virtual_organizations;
  $('login').vo.replaceChildren(...Object.keys(vos).map(name => element('option', name)));
  groups();
}

$('login').addEventListener('submit', event => {
  event.preventDefault();
  const form = event.target;
  orTell(() => begin(`vo:${form.vo.value} group:${form.group.value}`));
});
$('login').vo.addEventListener('change', groups);
$('logout').addEventListener('click', () => orTell(logout).then(show));
onChange(show);
// a new answer of the login in a tab that is open already, as when somebody goes back and forth
addEventListener('hashchange', () => orTell(finish).then(show));

health();
orTell(offer);
orTell(finish).then(show);
setInterval(health, 5000);
setInterval(() => { if (isLoggedIn() && !document.hidden) refresh(); }, 4000);
