// @ts-check
import { get, post } from '../api.js'
import { card, empty, failure, fill, h, say } from '../dom.js'
import * as f from '../format.js'
import { picture, touchList } from '../parts.js'

const storage = 'aptrl-shopper'

/** A storefront for one made-up shopper, over the public routes alone. @param {HTMLElement} page @param {any} context */
export async function show(page, { about, signal }) {
  const scenario = about.scenarios[0]
  let shopper = sessionStorage.getItem(storage) ?? invent()
  let turn = 0
  /** @type {any} */ let slate = null
  let busy = false
  const who = h('p.muted'), slateBox = h('div.shelf', { 'aria-busy': 'true' }), speed = h('p.speed', { role: 'status' })
  const windowBox = h('div'), aisle = h('div.shelf.small'), categories = h('div.tabs', { role: 'group', 'aria-label': 'Categories' })
  page.append(
    h('p.lead', null, 'You are a shopper of this shop. What you do goes through the public API; the next slate is made of it.'),
    h('div.row', null, who, h('button', { type: 'button', onclick: another }, 'New shopper')),
    h('div.columns', null,
      h('div.stack', null, card('For you', speed, slateBox), card('Look around', categories, aisle)),
      card('The window that the encoder sees', windowBox)))

  function invent() {
    const name = `visitor-${Array.from(crypto.getRandomValues(new Uint8Array(4)), (b) => b.toString(16).padStart(2, '0')).join('')}`
    sessionStorage.setItem(storage, name)
    return name
  }

  async function another() {
    busy = true
    try {
      // A name decides who serves it: look for one that the learning policy serves, so that there is something to see. Nothing is drawn before.
      for (let tries = 0; tries < 8; tries++) {
        shopper = invent()
        slate = null
        if ((await ask()).policy === 'learned') break
      }
    } catch {
      // The same question is asked again below, where its failure is shown.
    } finally {
      busy = false
    }
    await refresh(0, performance.now())
    say(`You are now ${shopper}`)
  }

  async function ask() {
    return post('/v1/recommend', { user: shopper, scenario, n: 6, time: await now() }, signal)
  }

  async function now() {
    return about.simulated ? (await get('/v1/about', signal)).time : undefined
  }

  /** @param {number} taken @param {number} since */
  async function refresh(taken, since) {
    const before = slate?.items.map((/** @type {any} */ its) => its.itemId) ?? []
    try {
      const asked = performance.now()
      const next = await ask()
      const ms = performance.now()
      slate = next
      drawSlate(before)
      const after = next.items.map((/** @type {any} */ its) => its.itemId)
      const changed = after.filter((/** @type {string} */ item, /** @type {number} */ at) => before[at] !== item).length
      fill(speed, before.length === 0 ? `A slate in ${f.millis(ms - asked)}.`
        : h('span', null, h('strong', null, `${changed} of ${after.length} places changed in ${f.millis(ms - since)}`), ` (${f.millis(taken)} until what you did was durable, ${f.millis(ms - asked)} for the new slate)`))
      const seen = await get(`/v1/users/${f.part(shopper)}/window`, signal)
      fill(windowBox, touchList(seen.touches))
    } catch (error) {
      if (!signal.aborted) fill(slateBox, failure(error, () => refresh(0, performance.now())))
      return
    }
    fill(who, 'Shopper ', h('a', { href: `#/users/${f.part(shopper)}` }, shopper), `, served by the policy “${slate.policy}”, version ${slate.policyVersion}. `,
      h('a', { href: `#/decision/${f.part(slate.recommendationId)}` }, 'Why this slate?'))
  }

  /** @param {string[]} before */
  function drawSlate(before) {
    slateBox.removeAttribute('aria-busy')
    if (slate.items.length === 0) {
      fill(slateBox, empty('Nothing to show', 'The catalogue is empty: add items with POST /v1/items.'))
      return
    }
    fill(slateBox, slate.items.map((/** @type {any} */ its) => {
      const was = before.indexOf(its.itemId)
      const move = before.length === 0 ? null : was < 0 ? 'new' : was > its.position ? `up ${was - its.position}` : was < its.position ? `down ${its.position - was}` : null
      return h('article.item' + (move ? '.moved' : ''), { 'aria-label': its.itemId },
        picture(its.itemId),
        h('h3', null, its.itemId),
        h('p.tags', null, move ? h('span.tag.hot', null, move) : null, its.explored ? h('span.tag', null, 'explored') : null),
        h('div.actions', null,
          button('Click', its, 'select_item'), button('Cart', its, 'add_to_cart'), button('Buy', its, 'purchase'), button('Dismiss', its, 'dismiss')))
    }))
  }

  /** @param {string} label @param {any} its @param {string} type */
  function button(label, its, type) {
    return h('button', { type: 'button', 'aria-label': `${label} ${its.itemId}`, onclick: () => act(its, type) }, label)
  }

  /** @param {any} its @param {string} type */
  async function act(its, type) {
    if (busy) return
    busy = true
    const since = performance.now()
    try {
      await post(`/v1/recommendations/${f.part(slate.recommendationId)}/reward`,
        { type, itemId: its.itemId, time: await now(), ...(type === 'purchase' ? { value: 20 } : {}) }, signal)
      await refresh(performance.now() - since, since)
    } catch (error) {
      if (!signal.aborted) fill(speed, failure(error))
    } finally {
      busy = false
    }
  }

  /** @param {string} item */
  async function look(item) {
    if (busy) return
    busy = true
    const since = performance.now()
    try {
      await post('/v1/events', { id: `${shopper}-${Date.now()}-${turn++}`, type: 'view_item', user: shopper, time: (await now()) ?? new Date().toISOString(), itemId: item }, signal)
      await refresh(performance.now() - since, since)
    } catch (error) {
      if (!signal.aborted) fill(speed, failure(error))
    } finally {
      busy = false
    }
  }

  /** @param {string | null} category */
  async function browse(category) {
    const found = await get(`/v1/items?n=12${category ? `&category=${f.part(category)}` : ''}`, signal)
    fill(categories, [null, ...found.categories.slice(0, 12)].map((its) =>
      h('button', { type: 'button', 'aria-pressed': String(its === category), onclick: () => browse(its).catch(() => {}) }, its ?? 'all')))
    fill(aisle, found.items.length === 0 ? empty('No items', 'The catalogue is empty.') : found.items.map((/** @type {any} */ item) =>
      h('button.item', { type: 'button', onclick: () => look(item.id) },
        picture(item.id), h('span', null, item.id), h('small.muted', null, item.categories[0] ?? '', item.price == null ? '' : ` · ${item.price.toFixed(0)}`))))
  }

  await Promise.all([
    sessionStorage.getItem(`${storage}-met`) ? refresh(0, performance.now()) : another(),
    browse(null).catch((error) => { if (!signal.aborted) fill(aisle, failure(error)) }),
  ])
  sessionStorage.setItem(`${storage}-met`, '1')
}
