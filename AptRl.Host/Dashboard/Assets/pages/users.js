// @ts-check
import { download, get, remove } from '../api.js'
import { card, empty, failure, field, fill, h, say, stat, table } from '../dom.js'
import * as f from '../format.js'
import { touchList } from '../parts.js'

/** Whoever the shop knows. @param {HTMLElement} page @param {any} context */
export async function show(page, { signal, argument }) {
  const input = /** @type {HTMLInputElement} */ (h('input', { type: 'search', maxlength: 256, spellcheck: 'false', autocomplete: 'off', placeholder: 'shopper-00' }))
  const found = h('div', { role: 'region', 'aria-label': 'Users found', 'aria-live': 'polite' })
  const body = h('div.stack')
  page.append(
    h('form.row', { role: 'search', onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); search() } },
      field('Name begins with', input), h('button.primary', { type: 'submit' }, 'Search')),
    h('div.columns.narrow-first' + (argument ? '.chosen' : ''), null, card('Users', found), body))

  async function search() {
    try {
      const answer = await get(`/v1/users?search=${f.part(input.value.trim())}&n=25`, signal)
      fill(found, answer.users.length === 0
        ? empty('Nobody', input.value ? 'No user’s name begins like this; case counts.' : 'A user is known from the first event or recommendation on.')
        : [h('ul.list', null, answer.users.map((/** @type {string} */ user) => h('li', null, h('a', { href: `#/users/${f.part(user)}`, 'aria-current': user === argument ? 'true' : null }, user)))),
          answer.more ? h('p.note', null, 'There are more: type more of the name.') : null])
    } catch (error) {
      if (!signal.aborted) fill(found, failure(error, search))
    }
  }

  if (argument) await user(body, argument, signal)
  else fill(body, card(null, empty('No user chosen', 'Choose one to see window, history and what can be done.')))
  await search()
}

/** @param {HTMLElement} body @param {string} name @param {AbortSignal} signal */
async function user(body, name, signal) {
  try {
    const path = `/v1/users/${f.part(name)}`
    const [its, seen] = await Promise.all([get(path, signal), get(`${path}/window`, signal)])
    const segment = h('div', null, h('p.muted', null, 'Found from the windows of users who were here of late…'))
    const ids = [...its.recentRecommendations].reverse().slice(0, 12)
    const history = await Promise.all(ids.map((id) => get(`/v1/recommendations/${f.part(id)}`, signal).catch(() => null)))
    fill(body,
      card(name,
        h('dl.stats', null, stat('events', f.count(its.accepted), its.late ? `${f.count(its.late)} late` : null), stat('sessions', f.count(its.sessions)),
          stat('decisions', f.count(its.decisions)), stat('rewards', f.count(its.rewardsJoined))),
        h('div.row', null,
          h('button', { type: 'button', onclick: () => save(path, name, body) }, 'Export all as NDJSON'),
          h('a.button', { href: `#/time-travel?user=${f.part(name)}` }, 'Time travel'),
          h('button.danger', { type: 'button', onclick: () => confirmDelete(path, name, body) }, 'Delete…'))),
      card('Segment', segment),
      card('Window', touchList(seen.touches), h('p.note', null, 'Hash ', h('code', null, f.short(seen.windowHash, 16)), '.')),
      card('Newest decisions', history.length === 0 ? empty('None', 'No slate was asked for this user, or they are too long ago.')
        : table('Newest decisions of the user', ['when', 'policy', 'slate', 'earned'], history.filter(Boolean).map((audit) => [
          h('a', { href: `#/decision/${f.part(audit.recommendationId)}` }, f.moment(audit.time)), `${audit.policy} ${audit.policyVersion}`,
          audit.items.map((/** @type {any} */ item) => item.itemId).join(', '),
          (audit.rewards ?? []).map((/** @type {any} */ reward) => h('span.tag.hot', null, `${reward.type} ${reward.itemId}`))]))))
    await tellSegment(segment, path, signal)
  } catch (error) {
    if (!signal.aborted) fill(body, card(null, failure(error, () => user(body, name, signal))))
  }
}

/** @param {HTMLElement} place @param {string} path @param {AbortSignal} signal */
async function tellSegment(place, path, signal) {
  try {
    const its = await get(`${path}/segment`, signal)
    fill(place, its.segment
      ? [h('p.verdict', null, its.segment.name), h('p.note', null, `${f.count(its.segment.users)} of ${f.count(its.users)} users who were here of late behave like this (${f.percent(its.segment.share, 0)}). Found anew every ten minutes, by encoder and behaviour.`)]
      : empty('No segments yet', its.reason ?? ''))
  } catch (error) {
    if (!signal.aborted) fill(place, failure(error, () => tellSegment(place, path, signal)))
  }
}

/** @param {string} path @param {string} name @param {HTMLElement} body */
async function save(path, name, body) {
  try {
    const url = URL.createObjectURL(await download(`${path}/export`))
    h('a', { href: url, download: `${name.replace(/[^\w.-]/g, '_')}.ndjson` }).click()
    URL.revokeObjectURL(url)
    say('Exported')
  } catch (error) {
    body.prepend(failure(error))
  }
}

/** @param {string} path @param {string} name @param {HTMLElement} body */
function confirmDelete(path, name, body) {
  const typed = /** @type {HTMLInputElement} */ (h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' }))
  const sure = /** @type {HTMLButtonElement} */ (h('button.danger', { type: 'submit', disabled: true }, 'Delete for good'))
  const note = h('div')
  typed.addEventListener('input', () => { sure.disabled = typed.value !== name })
  const dialog = /** @type {HTMLDialogElement} */ (h('dialog', { 'aria-labelledby': 'delete-title' },
    h('form', {
      onsubmit: async (/** @type {Event} */ event) => {
        event.preventDefault()
        sure.disabled = true
        try {
          await remove(path)
          dialog.close()
          fill(body, card(null, empty(`${name} is deleted`, 'Journal, snapshots and window are gone. What the policy learned stays, as sums without a name.')))
          say('Deleted')
        } catch (error) {
          fill(note, failure(error))
        }
      },
    }, h('h2', { id: 'delete-title' }, `Delete ${name}?`), h('p', null, 'The user’s journal, snapshots and window are deleted. This cannot be undone.'),
    field('Type the user’s name to confirm', typed), note,
    h('div.row', null, sure, h('button', { type: 'button', onclick: () => dialog.close() }, 'Keep')))))
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
