// @ts-check
/** The versions that are in force. What is done with versions (shadow, promote, roll back) belongs into this file alone. */
import { get } from './api.js'
import { card, failure, fill, h, table } from './dom.js'
import * as f from './format.js'

/** @param {HTMLElement} place @param {{signal: AbortSignal}} context */
export async function versions(place, { signal }) {
  try {
    const { scenarios } = await get('/v1/scenarios', signal)
    fill(place, card('Versions in force', table('Versions of policy and encoder in force', ['scenario', { value: 'policy', class: 'n' }, 'everything learned, hashed', 'encoder', 'reward table'],
      scenarios.map((/** @type {any} */ its) => [its.id, { value: f.count(its.policyVersion), class: 'n' }, h('code', null, f.short(its.policyHash, 16)), h('code', null, its.modelVersion), its.rewardTable ?? '–']))))
  } catch (error) {
    if (!signal.aborted) fill(place, card('Versions in force', failure(error, () => versions(place, { signal }))))
  }
}
