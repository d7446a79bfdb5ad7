// @ts-check
import { get } from '../api.js'
import { card, failure, fill, h, stat, table } from '../dom.js'
import * as f from '../format.js'

/** Nodes, shards, files. @param {HTMLElement} page @param {any} context */
export async function show(page, { signal }) {
  const body = h('div.stack', null, h('p.muted', null, 'Asking the node…'))
  page.append(body)
  async function refresh() {
    try {
      const [its, pipeline, scenarios] = await Promise.all([get('/v1/cluster', signal), get('/v1/pipeline', signal), get('/v1/scenarios', signal)])
      tell(body, its, pipeline, scenarios.scenarios)
    } catch (error) {
      if (!signal.aborted) fill(body, failure(error, refresh))
      return
    }
    setTimeout(() => { if (!signal.aborted) refresh() }, 2000)
  }
  await refresh()
}

/** @param {HTMLElement} body @param {any} its @param {any} pipeline @param {any[]} scenarios */
function tell(body, its, pipeline, scenarios) {
  const journal = pipeline.stages.find((/** @type {any} */ stage) => stage.name === 'journal')
  const most = Math.max(1, ...its.shards.map((/** @type {any} */ shard) => shard.entities))
  const awake = new Map(its.shards.map((/** @type {any} */ shard) => [shard.id, shard.entities]))
  const logIsLong = its.journal.logBytes > 160e6
  fill(body,
    h('dl.stats', null,
      stat('nodes', f.count(its.nodes.length), its.nodes.every((/** @type {any} */ node) => node.reachable) ? 'all reachable' : 'some unreachable'),
      stat('users awake', f.count(its.entities), `in ${its.shards.length} of ${its.shardCount} shards`),
      stat('facts written', f.count(its.journal.written), `${f.bytes(its.journal.journalBytes)} of journal`),
      stat('a write takes', f.millis(journal?.p99), `99 % of them; median ${f.millis(journal?.median)}`)),
    card('Nodes', table('Nodes of the cluster', ['address', 'status', ''], its.nodes.map((/** @type {any} */ node) => [
      h('code', null, node.address), h('span', null, h('i.lamp' + (node.reachable && node.status === 'Up' ? '.good' : '.bad'), { 'aria-hidden': 'true' }), node.status, node.reachable ? '' : ', unreachable'),
      h('span.tags', null, node.leader ? h('span.tag', null, 'leader') : null, node.self ? h('span.tag', null, 'this node') : null)]))),
    card('Shards', h('p.note', null, 'Each square is a shard of users on this node; the darker, the more of them are awake.'),
      h('div.shards', { role: 'img', 'aria-label': `${its.shards.length} shards with ${its.entities} users awake, at most ${most} in one` },
        Array.from({ length: its.shardCount }, (_, id) => {
          const entities = /** @type {number | undefined} */ (awake.get(String(id)))
          return h('span.shard' + (entities == null ? '.off' : ''), { title: entities == null ? `shard ${id}: not here` : `shard ${id}: ${entities} users awake`, style: entities == null ? null : { '--fill': `${Math.round(15 + (75 * entities) / most)}%` } }, String(entities ?? ''))
        }))),
    h('div.columns', null,
      card('Journal', table('Where the journal is', ['', { value: '', class: 'n' }], [
        [its.journal.logBytes == null ? 'database' : 'folder', { value: h('code', null, its.journal.directory), class: 'n' }],
        ['journal', { value: f.bytes(its.journal.journalBytes), class: 'n' }],
        ...(its.journal.logBytes == null ? [] : [['write-ahead log', { value: h('span', null, h('i.lamp' + (logIsLong ? '.bad' : '.good'), { 'aria-hidden': 'true' }), `${f.bytes(its.journal.logBytes)}${logIsLong ? ', long: the disk is behind' : ''}`), class: 'n' }]]),
        ['snapshots', { value: f.bytes(its.journal.snapshotBytes), class: 'n' }],
        ...(its.journal.freeBytes == null ? [] : [['free on the disk', { value: h('span', null, h('i.lamp' + (its.journal.freeBytes < 1e9 ? '.bad' : '.good'), { 'aria-hidden': 'true' }), f.bytes(its.journal.freeBytes)), class: 'n' }]]),
        ['an answered write survives', { value: its.journal.durability === 'PowerCut' ? 'a power cut' : 'a killed process', class: 'n' }]])),
      card('Learners', table('Learners of the scenarios', ['scenario', 'learner', { value: 'version', class: 'n' }, { value: 'lessons', class: 'n' }], scenarios.map((its) => [
        its.id, `${its.learner ?? '–'}, ${its.exploration ?? '–'}`, { value: f.count(its.policyVersion), class: 'n' }, { value: f.count(its.lessons), class: 'n' }])))))
}
