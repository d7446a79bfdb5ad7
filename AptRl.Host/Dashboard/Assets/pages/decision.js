// @ts-check
import { get } from '../api.js'
import { card, empty, failure, fill, h, stat, table } from '../dom.js'
import * as f from '../format.js'
import { slateList, touchList } from '../parts.js'

/** Why any slate was what it was. @param {HTMLElement} page @param {any} context */
export async function show(page, { signal, argument }) {
  const input = /** @type {HTMLInputElement} */ (h('input', { type: 'text', value: argument, maxlength: 1100, required: true, spellcheck: 'false', autocomplete: 'off' }))
  const body = h('div.stack')
  page.append(
    h('form.row', { role: 'search', onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); location.hash = `#/decision/${f.part(input.value.trim())}` } },
      h('label.field.wide', null, h('span', null, 'Recommendation id'), input), h('button.primary', { type: 'submit' }, 'Explain')),
    body)
  if (!argument) return recent(body, signal)
  try {
    const audit = await get(`/v1/recommendations/${f.part(argument)}`, signal)
    tell(body, audit, signal)
  } catch (error) {
    if (!signal.aborted) fill(body, failure(error), h('div', { id: 'recent' }))
    if (!signal.aborted) await recent(/** @type {HTMLElement} */ (body.lastElementChild), signal)
  }
}

/** @param {HTMLElement} place @param {AbortSignal} signal */
async function recent(place, signal) {
  try {
    const { decisions } = await get('/v1/recommendations?n=20', signal)
    fill(place, card('The newest decisions', decisions.length === 0
      ? empty('None yet', 'Ask for a slate, on the Shop page for example.')
      : table('The newest decisions', ['decision', 'user', 'policy', 'slate'], decisions.map((/** @type {any} */ its) => [
        h('a', { href: `#/decision/${f.part(its.recommendationId)}` }, f.short(its.recommendationId.split('.').pop(), 8)),
        h('a', { href: `#/users/${f.part(its.user)}` }, its.user), `${its.policy} ${its.policyVersion}`,
        h('span', null, its.items.join(', '), its.explored ? h('span.tag', null, 'explored') : null)]))))
  } catch (error) {
    if (!signal.aborted) fill(place, failure(error, () => recent(place, signal)))
  }
}

/** @param {HTMLElement} body @param {any} audit @param {AbortSignal} signal */
function tell(body, audit, signal) {
  const why = audit.explanation
  const origin = h('div', null, h('p.muted', null, 'Read back from the user’s journal…'))
  const learned = h('div', null, h('p.muted', null, 'Looked for in the learner’s journal…'))
  fill(body,
    h('dl.stats', null,
      stat('for', h('a', { href: `#/users/${f.part(audit.user)}` }, audit.user), `in ${audit.scenario}`),
      stat('when', f.moment(audit.time), audit.seenThrough ? `seen through ${f.moment(audit.seenThrough)}` : 'nothing was known of the user'),
      stat('decided by', audit.policy, `policy ${audit.policyVersion}, encoder ${f.short(audit.modelVersion, 8)}`),
      stat('explored', audit.items.some((/** @type {any} */ its) => its.explored) ? `${audit.items.filter((/** @type {any} */ its) => its.explored).length} of ${audit.items.length}` : 'no', `${why.exploration}${why.gamma == null ? ', greedy' : `, parameter ${f.decimal(why.gamma, 1)}`}`)),
    h('div.columns', null,
      h('div.stack', null, card('The slate', slateList(audit.items, (its) => rewards(audit, its))), candidates(audit)),
      h('div.stack', null,
        card('The window it was made from', origin),
        card('What the filters removed', audit.filtered.length === 0 ? h('p.muted', null, 'Nothing.')
          : table('Items removed by filters', ['filter', { value: 'items', class: 'n' }, 'which'], audit.filtered.map((/** @type {any} */ its) => [its.filter, { value: f.count(its.count), class: 'n' }, removed(its)]))),
        card('What was learned from it', learned))))

  get(`/v1/recommendations/${f.part(audit.recommendationId)}/origin`, signal).then((its) => {
    fill(origin, touchList(its.window), h('p.note', null, `Rebuilt from ${f.count(its.factsBefore)} facts of the user; hash `, h('code', null, f.short(its.windowHash, 12)), '.'))
    fill(learned, its.learned.length === 0
      ? h('p.muted', null, its.whole ? 'No lesson of it has been taken yet.' : 'The learner’s journal is too long to be searched here.')
      : table('Publications that have learned from it', ['what', { value: 'entry', class: 'n' }, { value: 'in force since version', class: 'n' }],
        its.learned.map((/** @type {any} */ lesson) => [lesson.eventId ? `reward of ${f.short(lesson.eventId, 24)}` : 'that it was shown',
          { value: f.count(lesson.entry), class: 'n' }, { value: lesson.publication == null ? 'not published yet' : f.count(lesson.publication), class: 'n' }])))
  }, (error) => {
    if (!signal.aborted) { fill(origin, failure(error)); fill(learned, h('p.muted', null, 'Not looked for.')) }
  })
}

/** What a filter removed: those that the policy thought of first are kept with the decision. @param {any} filter */
function removed(filter) {
  const items = filter.items ?? []
  return items.length === 0 ? h('span.muted', null, 'not kept: the decision is older')
    : [items.join(', '), filter.count > items.length ? h('span.muted', null, ` and ${f.count(filter.count - items.length)} more`) : null]
}

/** @param {any} audit */
function candidates(audit) {
  const why = audit.explanation
  const slate = new Map(audit.items.map((/** @type {any} */ its) => [its.itemId, its]))
  const scores = why.candidates.map((/** @type {any} */ its) => its.score)
  const [low, high] = [Math.min(0, ...scores), Math.max(...scores)]
  return card(`${why.candidates.length} candidates`,
    table('Candidates with their scores', ['candidate', { value: 'score', class: 'n' }, '', 'shown at', { value: 'propensity', class: 'n' }], why.candidates.map((/** @type {any} */ its) => {
      const shown = /** @type {any} */ (slate.get(its.itemId))
      return [its.itemId, { value: f.decimal(its.score, 4), class: 'n' },
        h('span.bar-cell', { 'aria-hidden': 'true' }, h('i', { style: { width: `${high > low ? (100 * (its.score - low)) / (high - low) : 0}%` } })),
        shown ? `place ${shown.position + 1}` : '', { value: shown ? f.fine(shown.propensity) : '', class: 'n' }]
    })),
    h('p.note', null, 'Random key ', h('code', null, why.randomKey), ': with candidates, rule and key the slate can be drawn again, to the same items. ',
      why.floor || why.cap < 1 ? `Floor ${why.floor}, cap ${why.cap}. ` : '', audit.propensitiesEstimated ? 'Propensities of Thompson sampling are estimates.' : 'Propensities are exact.'))
}

/** @param {any} audit @param {any} its */
function rewards(audit, its) {
  const earned = (audit.rewards ?? []).filter((/** @type {any} */ reward) => reward.position === its.position)
  return earned.length === 0 ? null : h('span.tags', null, earned.map((/** @type {any} */ reward) =>
    h('span.tag.hot', { title: `by event ${reward.eventId}` }, `${reward.amount < 0 ? 'took back ' : ''}${reward.type}`)))
}
