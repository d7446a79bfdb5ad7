// @ts-check
import { get } from '../api.js'
import { whiskers } from '../chart.js'
import { card, empty, failure, field, fill, h, stat, table } from '../dom.js'
import * as f from '../format.js'
import { versions } from '../versions.js'

const targets = [['greedy', 'greedy: never explore'], ['gamma*0.5', 'gamma*0.5: explore twice as much'], ['gamma*2', 'gamma*2: explore half as much'], ['uniform', 'uniform'], ['popular', 'popular'], ['logged', 'logged: what was served']]

/** What another policy would have earned, and the versions there are. @param {HTMLElement} page @param {any} context */
export async function show(page, { about, signal }) {
  const select = (/** @type {any[]} */ options) => h('select', null, options.map((its) => h('option', { value: Array.isArray(its) ? its[0] : its }, Array.isArray(its) ? its[1] : its)))
  const [target, scenario, reward, positions] = /** @type {HTMLSelectElement[]} */ ([select(targets), select(about.scenarios), select(['click', 'cart', 'purchase']), select([3, 1, 2, 5, 10].map(String))])
  const go = /** @type {HTMLButtonElement} */ (h('button.primary', { type: 'submit' }, 'Evaluate'))
  const result = h('div.stack', { 'aria-live': 'polite' }, card(null, empty('Not asked yet', 'An evaluation reads the journal’s newest 10,000 decisions and weighs them by how likely the target would have made them.')))
  const place = h('div')
  page.append(
    h('p.lead', null, 'What would another policy have earned? The log of what was served, with its propensities, answers without serving anybody differently.'),
    h('form.row.wrap', { onsubmit: run }, field('Target', target), field('Scenario', scenario), field('Reward', reward), field('Positions', positions), go),
    result, place)
  versions(place, { signal })

  async function run(/** @type {Event} */ event) {
    event.preventDefault()
    go.disabled = true
    fill(result, card(null, h('p.muted', null, 'Reading the journal…')))
    try {
      const its = await get(`/v1/evaluations?target=${f.part(target.value)}&scenario=${f.part(scenario.value)}&reward=${reward.value}&positions=${positions.value}`, signal)
      tell(result, its)
    } catch (error) {
      if (!signal.aborted) fill(result, card(null, failure(error)))
    }
    go.disabled = false
  }
}

const words = /** @type {Record<string, string>} */ ({ better: 'Better than what was served', worse: 'Worse than what was served', undecided: 'Not told apart', refused: 'The log cannot say' })

/** @param {HTMLElement} place @param {any} its */
function tell(place, its) {
  const seen = its.diagnosis
  fill(place,
    card(null, h('p.verdict', { class: `verdict ${its.verdict}` }, words[its.verdict] ?? its.verdict),
      h('ul.reasons', null, its.reasons.map((/** @type {string} */ reason) => h('li', null, reason))),
      h('dl.stats', null,
        stat('gain', its.gain?.mean == null ? '–' : f.decimal(its.gain.mean, 4), its.gain?.low == null ? null : `${f.decimal(its.gain.low, 4)} to ${f.decimal(its.gain.high, 4)}, by ${its.judgedBy}`),
        stat('effective sample size', f.count(seen.effectiveSampleSize), `of ${f.count(seen.rounds)} decisions of ${f.count(seen.clusters)} users`),
        stat('largest weight', f.decimal(seen.weightMax, 1), `mean ${f.decimal(seen.weightMean, 2)}`),
        stat('not covered', f.percent(seen.unsupported), 'of the target’s choices'))),
    card(`Mean ${its.reward} of a slate, ${its.positions} position${its.positions === 1 ? '' : 's'}`,
      whiskers([{ name: 'as served', ...its.logged, colour: 'uniform' }, ...its.estimators.map((/** @type {any} */ one) => ({ name: one.name, mean: one.value, low: one.low, high: one.high }))], (n) => f.decimal(n, 4)),
      table('Estimates', ['estimator', { value: 'value', class: 'n' }, { value: '95 % interval', class: 'n' }, { value: 'effective sample size', class: 'n' }],
        its.estimators.map((/** @type {any} */ one) => [one.name, { value: f.decimal(one.value, 4), class: 'n' }, { value: one.low == null ? '–' : `${f.decimal(one.low, 4)} to ${f.decimal(one.high, 4)}`, class: 'n' }, { value: one.ess == null ? '–' : f.count(one.ess), class: 'n' }]))))
}
