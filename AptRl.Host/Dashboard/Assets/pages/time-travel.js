// @ts-check
import { get } from '../api.js'
import { card, empty, failure, field, fill, h, say, stat } from '../dom.js'
import * as f from '../format.js'
import { slateList } from '../parts.js'

/** An earlier policy beside that of now, for the same user. @param {HTMLElement} page @param {any} context */
export async function show(page, { about, signal, query }) {
  const { scenarios } = await get('/v1/scenarios', signal)
  const scenario = scenarios[0]
  // Before the form is there: a form that can be sent while its user is still being looked for does nothing.
  const name = query.get('user') || await newest()
  const user = /** @type {HTMLInputElement} */ (h('input', { type: 'text', maxlength: 256, required: true, spellcheck: 'false', autocomplete: 'off', value: name }))
  const version = /** @type {HTMLInputElement} */ (h('input', { type: 'range', min: 0, max: scenario.policyVersion, value: Math.round(scenario.policyVersion / 10) }))
  const shown = h('output', null, f.count(+version.value))
  version.addEventListener('input', () => { shown.textContent = f.count(+version.value) })
  const go = /** @type {HTMLButtonElement} */ (h('button.primary', { type: 'submit' }, 'Go back'))
  const result = h('div.stack', { 'aria-live': 'polite' }, card(null, empty('Still in the present', 'Choose a publication: its policy is rebuilt from the journal and decides for the user, beside that of now, with the same draw.')))
  page.append(
    h('p.lead', null, `The journal holds every lesson. Fold it up to a publication and you have the policy of that moment. ${f.count(scenario.policyVersion)} have been published in “${scenario.id}”.`),
    h('form.row.wrap', { onsubmit: run }, field('User', user), h('label.field.wide', null, h('span', null, 'Publication ', shown), version), go),
    result)

  async function newest() {
    const { decisions } = await get('/v1/recommendations?n=1', signal)
    return decisions[0]?.user ?? (await get('/v1/users?n=1', signal)).users[0] ?? ''
  }

  async function run(/** @type {Event} */ event) {
    event.preventDefault()
    go.disabled = true
    fill(result, card(null, h('p.muted', { role: 'status' }, 'Rebuilding the policy from the journal…')))
    try {
      const its = await get(`/v1/time-travel?user=${f.part(user.value.trim())}&version=${version.value}&scenario=${f.part(scenario.id)}&n=6`, signal)
      version.max = String(Math.max(+version.max, its.now.version))
      tell(result, its)
      say('The slates of then and now are shown')
    } catch (error) {
      if (!signal.aborted) fill(result, card(null, failure(error)))
    }
    go.disabled = false
  }
}

/** @param {HTMLElement} place @param {any} its */
function tell(place, its) {
  const then = its.then.items.map((/** @type {any} */ item) => item.itemId)
  fill(place,
    h('p.proof', { class: `proof ${its.hashEqual ? 'good' : 'bad'}` }, h('i.lamp' + (its.hashEqual ? '.good' : '.bad'), { 'aria-hidden': 'true' }),
      `Rebuilt from ${f.count(its.facts)} events with ${f.count(its.lessons)} lessons in ${f.millis(its.milliseconds)}: hash ${its.hashEqual ? 'equal to' : 'NOT equal to'} the live policy’s. `, h('code', { title: its.rebuiltHash }, f.short(its.rebuiltHash, 12))),
    h('div.columns.even', null,
      card(`Then: version ${f.count(its.then.version)}`, slateList(its.then.items), h('p.note', null, `After ${f.count(its.then.facts)} events.`)),
      card(`Now: version ${f.count(its.now.version)}`, slateList(its.now.items, (item) => {
        const was = then.indexOf(item.itemId)
        return h('span.tags', null, was < 0 ? h('span.tag.hot', null, 'new') : was === item.position ? null : h('span.tag.hot', null, was > item.position ? `up ${was - item.position}` : `down ${item.position - was}`))
      }), h('p.note', null, `After ${f.count(its.facts)} events.`))),
    card(null, h('dl.stats', null,
      stat('places that differ', `${its.now.items.filter((/** @type {any} */ item, /** @type {number} */ at) => then[at] !== item.itemId).length} of ${its.now.items.length}`),
      stat('the user’s facts', f.count(its.userFacts), 'window, catalogue and encoder are those of now'),
      stat('best candidate’s score then', f.decimal(its.then.candidates[0]?.score)), stat('now', f.decimal(its.now.candidates[0]?.score)))))
}
