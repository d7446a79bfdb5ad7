// @ts-check
import { stream } from '../api.js'
import { lines, wilson } from '../chart.js'
import { card, empty, failure, fill, h, say, stat, table } from '../dom.js'
import * as f from '../format.js'

const colours = /** @type {Record<string, string>} */ ({ learned: 'learned', popular: 'popular', uniform: 'uniform' })

/** Each policy's course, smoothed over some steps; the sums beside it are of all. @param {HTMLElement} page @param {any} context */
export async function show(page, { about, signal, query }) {
  const scenario = query.get('scenario') ?? about.scenarios[0]
  const state = h('p.muted', { role: 'status' }, 'Waiting for the first figures…')
  const stats = h('dl.stats')
  const clicks = h('div'), reward = h('div'), regret = h('div')
  const numbers = h('div')
  const waiting = empty('Nothing decided yet', 'Figures begin with the first slate. Run “aptrl demo” for simulated shoppers, or ask for a slate on the Shop page.')
  const body = h('div.stack', { hidden: true }, stats,
    card('Slates that were clicked', clicks, numbers), card('Reward a slate', reward), card('Missed of what was possible', regret))
  page.append(
    h('p.lead', null, about.simulated
      ? 'Simulated shoppers come, and the policy learns from what they do. A fixed share of them is served by popularity or by chance, for honest comparison.'
      : 'What each policy earned since the server started. Users in a holdout are served by a fixed rule, for honest comparison.'),
    about.scenarios.length > 1 ? h('nav.tabs', { 'aria-label': 'Scenarios' }, about.scenarios.map((/** @type {string} */ its) =>
      h('a', { href: `#/learning?scenario=${f.part(its)}`, 'aria-current': its === scenario ? 'page' : null }, its))) : '',
    state, waiting, body)

  /** @type {any[]} */ let charts = []
  let shape = ''
  signal.addEventListener('abort', () => charts.forEach((chart) => chart.destroy()))
  let drifted = false

  stream(`/v1/learning/stream?scenario=${f.part(scenario)}`, signal, (_, answer) => {
    const report = answer.report
    waiting.hidden = report != null
    body.hidden = report == null
    if (!report) return
    const known = report.policies.some((/** @type {any} */ policy) => policy.truth)
    const now = report.policies.map((/** @type {any} */ policy) => policy.name).join() + known
    if (now !== shape) {
      shape = now
      charts.forEach((chart) => chart.destroy())
      charts = build(report, known, clicks, reward, regret)
      const its = regret.closest('section')
      if (its) its.hidden = !known
    }
    draw(report, charts, known)
    tell(report, answer, stats, numbers, known)
    if (report.driftAtSeconds != null && !drifted) {
      drifted = true
      say('The simulated shoppers’ tastes have moved')
    }
  }, (problem) => {
    if (problem) fill(state, failure(problem))
    else fill(state, h('span.live', null, 'Live'))
  })
}

/** @param {any} report @param {boolean} known @param {HTMLElement[]} places */
function build(report, known, ...places) {
  const series = report.policies.map((/** @type {any} */ policy) => ({ name: policy.name, colour: colours[policy.name] ?? 'learned', band: true }))
  const plain = series.map((/** @type {any} */ its) => ({ ...its, band: false }))
  return [
    lines(places[0], { label: 'Share of slates that were clicked over time, by policy, with 95 % bands; the table below has the sums', format: (n) => f.percent(n, 0), series: known ? [...series, { name: 'best possible', colour: 'best', dash: [6, 4] }] : series }),
    lines(places[1], { label: 'Reward a slate over time, by policy', format: (n) => f.decimal(n, 3), series: plain, height: 200 }),
    ...(known ? [lines(places[2], { label: 'Clicks missed a slate over time, by policy: regret', format: (n) => f.percent(n, 0), series: plain, height: 200 })] : []),
  ]
}

/** @param {any} report @param {any[]} charts @param {boolean} known */
function draw(report, charts, known) {
  // The newest step is not over: it would dip for want of time and not of clicks.
  const count = Math.max(1, report.policies[0].series.decisions.length - 1)
  const times = Array.from({ length: count }, (_, step) => (step + 1) * report.stepSeconds)
  const wide = Math.min(8, Math.max(1, Math.round(count / 10)))
  const click = /** @type {any[]} */ ([times]), reward = /** @type {any[]} */ ([times]), missed = /** @type {any[]} */ ([times])
  for (const policy of report.policies) {
    const { decisions, clicked } = policy.series
    const sum = (/** @type {number[]} */ of, /** @type {number} */ step) => of.slice(Math.max(0, step - wide + 1), step + 1).reduce((a, b) => a + b, 0)
    const mean = times.map((_, step) => (sum(decisions, step) ? sum(clicked, step) / sum(decisions, step) : null))
    const bands = times.map((_, step) => wilson(sum(clicked, step), sum(decisions, step)))
    click.push(mean, bands.map(([low]) => low), bands.map(([, high]) => high))
    reward.push(times.map((_, step) => (sum(decisions, step) ? sum(policy.series.reward, step) / sum(decisions, step) : null)))
    if (known) missed.push(smooth(times.map((_, step) => (policy.series.best?.[step] == null ? null : policy.series.best[step] - policy.series.expected[step])), wide))
  }
  if (known) {
    click.push(smooth(times.map((_, step) => {
      const [sum, n] = report.policies.reduce((/** @type {number[]} */ [s, k], /** @type {any} */ policy) => {
        const n = policy.series.decisions[step]
        return policy.series.best?.[step] == null ? [s, k] : [s + policy.series.best[step] * n, k + n]
      }, [0, 0])
      return n ? sum / n : null
    }), wide))
  }
  const marks = report.driftAtSeconds == null ? [] : [{ at: report.driftAtSeconds, text: 'tastes moved' }]
  charts[0].set(click, marks)
  charts[1].set(reward, marks)
  charts[2]?.set(missed, marks)
}

/** @param {(number | null)[]} values @param {number} wide */
function smooth(values, wide) {
  return values.map((_, step) => {
    const near = /** @type {number[]} */ (values.slice(Math.max(0, step - wide + 1), step + 1).filter((v) => v != null))
    return near.length ? near.reduce((a, b) => a + b, 0) / near.length : null
  })
}

/** @param {any} report @param {any} answer @param {HTMLElement} stats @param {HTMLElement} numbers @param {boolean} known */
function tell(report, answer, stats, numbers, known) {
  const learned = report.policies.find((/** @type {any} */ policy) => policy.name === 'learned')
  const fixed = report.policies.filter((/** @type {any} */ policy) => policy !== learned).sort((/** @type {any} */ a, /** @type {any} */ b) => b.ctr.mean - a.ctr.mean)[0]
  const wins = learned && fixed && learned.ctr.low > fixed.ctr.high
  fill(stats,
    stat('learned policy', learned ? f.percent(learned.ctr.mean) : '–', learned ? f.interval(learned.ctr) : null),
    fixed ? stat('against the best holdout', learned ? `${(learned.ctr.mean / fixed.ctr.mean).toFixed(2)} ×` : '–', wins ? `beats ${fixed.name}, 95 % sure` : `${fixed.name}: not told apart yet`) : null,
    known ? stat('of what was possible', f.percent(learned.truth.expected / learned.truth.best, 0), `${f.count(learned.truth.regret)} clicks missed`) : null,
    stat('updates a second', f.count(answer.lessonsPerSecond), `${f.count(answer.publicationsPerSecond)} publications a second`),
    stat('slates a second', f.count(answer.decisionsPerSecond), `${f.count(answer.eventsPerSecond)} events a second`),
    stat('policy version', f.count(report.policyVersion), `after ${f.span(report.seconds)}`))
  fill(numbers, table('Sums since the start, by policy',
    ['policy', { value: 'slates', class: 'n' }, { value: 'clicked', class: 'n' }, { value: '95 % interval', class: 'n' }, { value: 'reward a slate', class: 'n' }, ...(known ? [{ value: 'best possible', class: 'n' }] : [])],
    report.policies.map((/** @type {any} */ policy) => [
      h('span.key', null, h('i.swatch', { style: { '--of': `var(--${colours[policy.name] ?? 'learned'})` } }), policy.name),
      { value: f.count(policy.decisions), class: 'n' }, { value: f.percent(policy.ctr.mean), class: 'n' }, { value: f.interval(policy.ctr), class: 'n' },
      { value: `${f.decimal(policy.reward.mean)} (${f.decimal(policy.reward.low)} to ${f.decimal(policy.reward.high)})`, class: 'n' },
      ...(known ? [{ value: f.percent(policy.truth?.best), class: 'n' }] : [])])),
  h('p.note', null, `Lines are means of the last steps of ${report.stepSeconds} s, bands are 95 % intervals of these. A click counts at the moment of its slate.${report.unmatched ? ` ${f.count(report.unmatched)} rewards were of slates too old to be counted here.` : ''}`))
}
