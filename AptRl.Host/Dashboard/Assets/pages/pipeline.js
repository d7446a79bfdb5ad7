// @ts-check
import { stream } from '../api.js'
import { spark } from '../chart.js'
import { card, empty, failure, fill, h, table } from '../dom.js'
import * as f from '../format.js'

/** The way of events and requests, live. @param {HTMLElement} page @param {any} context */
export async function show(page, { signal }) {
  const state = h('p.muted', { role: 'status' }, 'Waiting for the first figures…')
  const graph = h('div'), stages = h('div'), backlogs = h('div'), rejects = h('div')
  page.append(state, card('From event to slate', graph), card('Stages', stages), h('div.columns', null, card('Backlogs and refusals', backlogs), card('Rejects', rejects)))
  let told = ''
  stream('/v1/pipeline/stream', signal, (_, its) => {
    const by = Object.fromEntries(its.stages.map((/** @type {any} */ stage) => [stage.name, stage]))
    fill(graph, draw(by, its.backlogs))
    fill(stages, table('Rate and times of each stage', ['stage', { value: 'a second', class: 'n' }, 'last minute', { value: 'median', class: 'n' }, { value: '99 %', class: 'n' }, { value: 'most', class: 'n' }, { value: 'since the start', class: 'n' }],
      its.stages.map((/** @type {any} */ stage) => [h('span', null, h('strong', null, stage.name), h('small.muted.block', null, stage.does)),
        { value: f.count(stage.perSecond), class: 'n' }, spark(stage.rates, `rate of ${stage.name} in the last minute`),
        { value: f.millis(stage.median), class: 'n' }, { value: f.millis(stage.p99), class: 'n' }, { value: f.millis(stage.max), class: 'n' }, { value: f.count(stage.total), class: 'n' }])),
    h('p.note', null, 'Times are of the newest second in which a stage was taken.'))
    fill(backlogs, table('Messages that wait', ['buffer', { value: 'waiting', class: 'n' }, 'last minute', { value: 'bound', class: 'n' }],
      its.backlogs.map((/** @type {any} */ backlog) => [backlog.name, { value: f.count(backlog.waiting), class: 'n' }, spark(backlog.series, `backlog of ${backlog.name}`, 'popular'), { value: f.count(backlog.bound), class: 'n' }])),
    h('p.note', null, its.refused.length === 0 && its.missed === 0 ? 'No buffer has turned anything away since the start.'
      : [...its.refused.map((/** @type {any} */ refused) => `${refused.name} turned away ${f.count(refused.count)}`), its.missed ? `slow readers missed ${f.count(its.missed)}` : null].filter(Boolean).join('; ') + '.'))
    const now = JSON.stringify([its.rejects, its.recentRejects])
    if (now !== told) {
      told = now
      fill(rejects, its.rejects.length === 0 ? empty('Nothing was rejected', 'An event that breaks a rule is shown here, with the rule.')
        : [h('ul.tags', null, its.rejects.map((/** @type {any} */ reject) => h('li.tag', null, `${reject.name} ${f.count(reject.count)}`))),
          h('ol.rejects', null, its.recentRejects.map((/** @type {any} */ reject) => h('li', null,
            h('p', null, h('strong', null, reject.code), ' ', h('time.muted', { datetime: reject.time }, f.moment(reject.time))), h('p', null, reject.reason),
            reject.text ? h('pre', { tabindex: 0 }, reject.text) : null)))])
    }
  }, (problem) => fill(state, problem ? failure(problem) : h('span.live', null, 'Live')))
}

/** @param {Record<string, any>} by @param {any[]} backlogs */
function draw(by, backlogs) {
  const waiting = Object.fromEntries(backlogs.map((its) => [its.name, its.waiting]))
  const box = (/** @type {string} */ name, /** @type {string} */ title, /** @type {number | undefined} */ queue) => {
    const stage = by[name]
    return h('li.node' + (stage.perSecond > 0 ? '.busy' : ''), null, h('strong', null, title),
      h('span.rate', null, `${f.count(stage.perSecond)}/s`), h('small.muted', null, `99 % ${f.millis(stage.p99)}`), queue == null ? null : h('small.muted', null, `${f.count(queue)} waiting`))
  }
  const way = (/** @type {string} */ label, /** @type {HTMLElement[]} */ nodes) => h('div.way', null, h('h3', null, label), h('ol', null, nodes))
  return h('div.graph', null,
    way('An event', [box('observe', 'user: judge, journal, answer', undefined), box('learn', 'learner: journal the lesson', waiting.learner), box('publish', 'learner: solve, publish', undefined)]),
    way('A request', [box('encode', 'encoder: window to state', waiting.encoder), box('decide', 'agent: candidates, draw', undefined), box('journal', 'user: journal the decision', undefined), box('recommend', 'slate answered', undefined)]))
}
