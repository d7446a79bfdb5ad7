// @ts-check
/** Parts that several pages have. */
import { empty, h, svg } from './dom.js'
import * as f from './format.js'

/** A picture of an item that has none: shapes and colours of its name, the same every time. @param {string} name */
export function picture(name) {
  let hash = 2166136261
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619) >>> 0
  const hue = hash % 360, shape = (hash >>> 9) % 3, turn = (hash >>> 12) % 90
  const back = `hsl(${hue} 55% 88%)`, front = `hsl(${(hue + 25) % 360} 55% 55%)`, third = `hsl(${(hue + 150) % 360} 45% 62%)`
  return svg('svg', { class: 'picture', viewBox: '0 0 100 70', 'aria-hidden': 'true' },
    svg('rect', { width: 100, height: 70, fill: back }),
    shape === 0 ? svg('circle', { cx: 42, cy: 36, r: 21, fill: front })
      : shape === 1 ? svg('rect', { x: 26, y: 14, width: 40, height: 40, rx: 8, fill: front, transform: `rotate(${turn} 46 34)` })
        : svg('path', { d: 'M50 10 L76 56 L24 56 Z', fill: front }),
    svg('circle', { cx: 64 + (hash >>> 20) % 10, cy: 22 + (hash >>> 24) % 24, r: 9, fill: third, opacity: 0.85 }))
}

/** A window, newest first. @param {any[]} touches */
export function touchList(touches) {
  return touches.length === 0 ? empty('An empty window', 'Nothing is known of this user yet: the slate is made of what others did.')
    : h('ol.touches', { reversed: true }, [...touches].reverse().map((touch) => h('li', null,
      h('span.kind', null, touch.type.replaceAll('_', ' ')), h('span', null, touch.itemId ?? '–'), h('time.muted', { datetime: touch.time }, f.moment(touch.time)))))
}

/** A slate as a list with scores and propensities. @param {any[]} items @param {(item: any) => any} [more] */
export function slateList(items, more) {
  return h('ol.slate', null, items.map((its) => h('li', null,
    picture(its.itemId),
    h('div', null, h('strong', null, its.itemId), its.explored ? h('span.tag', null, 'explored') : null,
      h('small.muted', null, `score ${f.decimal(its.score)} · propensity ${f.fine(its.propensity)}`), more?.(its)))))
}
