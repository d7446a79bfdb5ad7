// @ts-check
/** The versions that are in force and the encoders there are. What is done with them belongs into this file alone. */
import { get, post } from './api.js'
import { card, empty, failure, fill, h, say, table } from './dom.js'
import * as f from './format.js'

/** @param {HTMLElement} place @param {{signal: AbortSignal}} context */
export async function versions(place, { signal }) {
  const force = h('div'), encoders = h('div')
  fill(place, h('div.stack', null, card('Versions in force', force), card('Encoders of this data folder', encoders)))
  await Promise.all([inForce(force, signal), known(encoders, signal)])
}

/** @param {HTMLElement} place @param {AbortSignal} signal */
async function inForce(place, signal) {
  try {
    const { scenarios } = await get('/v1/scenarios', signal)
    fill(place, table('Versions of policy and encoder in force', ['scenario', { value: 'policy', class: 'n' }, 'everything learned, hashed', 'encoder', 'reward table'],
      scenarios.map((/** @type {any} */ its) => [its.id, { value: f.count(its.policyVersion), class: 'n' }, h('code', null, f.short(its.policyHash, 16)), h('code', null, its.modelVersion), its.rewardTable ?? '–'])))
  } catch (error) {
    if (!signal.aborted) fill(place, failure(error, () => inForce(place, signal)))
  }
}

/** @param {HTMLElement} place @param {AbortSignal} signal */
async function known(place, signal) {
  try {
    tell(place, await get('/v1/versions', signal), signal)
  } catch (error) {
    if (!signal.aborted) fill(place, failure(error, () => known(place, signal)))
  }
}

/** @param {HTMLElement} place @param {any} its @param {AbortSignal} signal */
function tell(place, its, signal) {
  if (its.versions.length === 0) {
    fill(place, empty('One encoder, and no versions', 'Add a second one beside it with “aptrl versions add”: it looks on, is compared, and can be promoted here.'))
    return
  }
  const canReturn = its.versions.some((/** @type {any} */ version) => version.state === 'former')
  fill(place,
    its.takesOver ? h('p.proof.warn', { role: 'status' }, h('i.lamp', { 'aria-hidden': 'true' }),
      'Encoder ', h('code', null, its.active), ` takes over ${its.takesOver}: until then `, h('code', null, its.serving), ' serves. Restart the server.') : null,
    table('Encoders of this data folder', ['encoder', 'state', 'added', ''], its.versions.map((/** @type {any} */ version) => [
      h('code', null, version.id), h('span', null, version.state, version.id === its.serving ? h('span.tag.hot', null, 'serves now') : null), f.moment(version.addedAt),
      version.state === 'active'
        ? canReturn ? h('button', { type: 'button', 'aria-label': `Roll back from ${version.id}`, onclick: () => confirm(place, version.id, 'rollback', signal) }, 'Roll back…') : null
        : h('button', { type: 'button', 'aria-label': `Promote ${version.id}`, onclick: () => confirm(place, version.id, 'promote', signal) }, 'Promote…')])),
    its.history.length === 0 ? h('p.note', null, 'None has been promoted yet.')
      : h('p.note', null, 'Last change: ', its.history.at(-1).kind, ' of ', h('code', null, its.history.at(-1).id), ` at ${f.moment(its.history.at(-1).at)}.`))
}

/** Asks before anything is changed. @param {HTMLElement} place @param {string} id @param {'promote' | 'rollback'} what @param {AbortSignal} signal */
function confirm(place, id, what, signal) {
  const promotes = what === 'promote'
  const sure = /** @type {HTMLButtonElement} */ (h('button.primary', { type: 'submit' }, promotes ? 'Promote' : 'Roll back'))
  const note = h('div')
  const dialog = /** @type {HTMLDialogElement} */ (h('dialog', { 'aria-labelledby': 'version-title' },
    h('form', {
      onsubmit: async (/** @type {Event} */ event) => {
        event.preventDefault()
        sure.disabled = true
        try {
          const changed = await post(`/v1/versions/${f.part(id)}/${what}`, {})
          dialog.close()
          tell(place, changed, signal)
          say(promotes ? 'Promoted; it takes over at the next start' : 'Rolled back; it takes over at the next start')
        } catch (error) {
          sure.disabled = false
          fill(note, failure(error))
        }
      },
    }, h('h2', { id: 'version-title' }, promotes ? `Promote ${id}?` : `Roll back from ${id}?`),
    h('p', null, promotes ? 'It becomes the encoder that serves.' : 'The encoder that served before the last promotion serves again.',
      ' This is written down at once and needs a restart: the server goes on with the encoder it has, and the next start reads the journal anew with the other one before it answers anybody.'),
    note,
    h('div.row', null, sure, h('button', { type: 'button', onclick: () => dialog.close() }, 'Leave it')))))
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
