// @ts-check
/** Charts, drawn by uPlot in the colours of the style sheet; a table beside each says the same in words. */
import { h, svg } from './dom.js'

/** @type {any} */
const uPlot = () => /** @type {any} */ (window).uPlot

/** A colour of the style sheet as it is in force. @param {string} name @param {number} [alpha] */
export function colour(name, alpha = 1) {
  const value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
  if (alpha === 1) return value
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(value.slice(at, at + 2), 16))
  return `rgba(${r},${g},${b},${alpha})`
}

/**
 * Lines over time, each with a band.
 * @param {HTMLElement} place
 * @param {{label: string, series: {name: string, colour: string, dash?: number[], band?: boolean}[], format: (n: number) => string, height?: number}} options
 */
export function lines(place, options) {
  const height = options.height ?? 300
  let marks = /** @type {{at: number, text: string}[]} */ ([])
  /** @type {any} */ let plot = null
  /** @type {any} */ let last = null

  function build() {
    plot?.destroy()
    const series = /** @type {any[]} */ ([{ label: 'time', value: (/** @type {any} */ _, /** @type {number} */ v) => (v == null ? '–' : `${v.toFixed(0)} s`) }])
    const bands = /** @type {any[]} */ ([])
    for (const its of options.series) {
      series.push({
        label: its.name, stroke: colour(its.colour), width: 2, dash: its.dash, points: { show: false }, spanGaps: true,
        value: (/** @type {any} */ _, /** @type {number} */ v) => (v == null ? '–' : options.format(v)),
      })
      if (its.band) {
        const at = series.length
        const edge = { label: '', stroke: 'transparent', width: 0, points: { show: false }, spanGaps: true }
        series.push({ ...edge }, { ...edge })
        bands.push({ series: [at + 1, at], fill: colour(its.colour, 0.16) })
      }
    }
    const axis = { stroke: colour('muted'), grid: { stroke: colour('line'), width: 1 }, ticks: { stroke: colour('line'), width: 1 }, font: '12px system-ui, sans-serif' }
    plot = new (uPlot())({
      width: Math.max(place.clientWidth, 200), height, series, bands,
      legend: { show: false }, cursor: { y: false, drag: { x: false, y: false } },
      scales: { x: { time: false }, y: { range: (/** @type {any} */ u) => span(u) } },
      axes: [
        { ...axis, size: 32, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => (tick >= 120 ? `${+(tick / 60).toFixed(1)} min` : `${tick} s`)) },
        { ...axis, size: 56, values: (/** @type {any} */ _, /** @type {number[]} */ ticks) => ticks.map(options.format) },
      ],
      hooks: {
        draw: [(/** @type {any} */ u) => {
          for (const mark of marks) {
            const x = Math.round(u.valToPos(mark.at, 'x', true))
            if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) continue
            const c = u.ctx, ratio = devicePixelRatio || 1
            c.save()
            c.strokeStyle = c.fillStyle = colour('accent')
            c.setLineDash([4 * ratio, 4 * ratio])
            c.beginPath(); c.moveTo(x, u.bbox.top); c.lineTo(x, u.bbox.top + u.bbox.height); c.stroke()
            c.font = `${12 * ratio}px system-ui, sans-serif`
            const right = x + c.measureText(mark.text).width + 12 * ratio > u.bbox.left + u.bbox.width
            c.textAlign = right ? 'right' : 'left'
            c.fillText(mark.text, x + (right ? -6 : 6) * ratio, u.bbox.top + 14 * ratio)
            c.restore()
          }
        }],
        setCursor: [(/** @type {any} */ u) => readout(u)],
      },
    }, last ?? series.map(() => []), box)
  }

  const out = h('p.readout', null)
  const box = h('div.chart', { role: 'img', 'aria-label': options.label })
  place.replaceChildren(
    h('ul.legend', null, options.series.map((its) => h('li', null, h('i.swatch' + (its.dash ? '.dashed' : ''), { style: { '--of': `var(--${its.colour})` } }), its.name))),
    box, out)

  // The lines, and not their bands, make the scale: early on a band is as wide as everything.
  function span(/** @type {any} */ u) {
    let [low, high] = [0, 0]
    u.series.forEach((/** @type {any} */ its, /** @type {number} */ i) => {
      if (i > 0 && its.label) for (const v of u.data[i] ?? []) if (v != null) { low = Math.min(low, v); high = Math.max(high, v) }
    })
    return high > low ? [low * 1.1, high * 1.12] : [0, 1]
  }

  function readout(/** @type {any} */ u) {
    const at = u.cursor.idx
    if (at == null || !u.data[0]?.length) { out.textContent = ''; return }
    const parts = [`${u.data[0][at].toFixed(0)} s`]
    u.series.forEach((/** @type {any} */ its, /** @type {number} */ i) => {
      if (i > 0 && its.label && u.data[i][at] != null) parts.push(`${its.label} ${options.format(u.data[i][at])}`)
    })
    out.textContent = parts.join(' · ')
  }

  build()
  const resized = new ResizeObserver(() => plot.setSize({ width: Math.max(place.clientWidth, 200), height }))
  resized.observe(place)
  const dark = matchMedia('(prefers-color-scheme: dark)')
  dark.addEventListener('change', build)
  addEventListener('themechange', build)
  return {
    /** @param {any[]} data @param {{at: number, text: string}[]} [marked] */
    set(data, marked = []) {
      marks = marked
      last = data
      plot.setData(data)
    },
    destroy() {
      resized.disconnect()
      dark.removeEventListener('change', build)
      removeEventListener('themechange', build)
      plot.destroy()
    },
  }
}

/** A small line without axes. @param {(number | null)[]} values @param {string} label @param {string} [of] */
export function spark(values, label, of = 'learned') {
  const [width, height] = [120, 28]
  const top = Math.max(1e-9, ...values.map((v) => v ?? 0))
  const points = values.map((v, i) => `${((i / Math.max(1, values.length - 1)) * width).toFixed(1)},${(height - 2 - ((v ?? 0) / top) * (height - 4)).toFixed(1)}`)
  return svg('svg', { class: 'spark', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    svg('polyline', { points: points.join(' '), fill: 'none', stroke: `var(--${of})`, 'stroke-width': 1.5, 'vector-effect': 'non-scaling-stroke' }))
}

/** Estimates as dots with whiskers on one scale. @param {{name: string, mean: number|null, low: number|null, high: number|null, colour?: string}[]} rows @param {(n: number) => string} format */
export function whiskers(rows, format) {
  const known = rows.filter((row) => row.mean != null)
  const low = Math.min(...known.map((row) => row.low ?? row.mean ?? 0)), high = Math.max(...known.map((row) => row.high ?? row.mean ?? 0))
  const pad = (high - low || 1) * 0.08
  const x = (/** @type {number} */ v) => ((v - low + pad) / (high - low + 2 * pad)) * 100
  return h('div.whiskers', { role: 'list', 'aria-label': 'Estimates with 95 % intervals' }, known.map((row) => h('div.whisker', { role: 'listitem' },
    h('span.whisker-name', null, row.name),
    h('span.whisker-line', { 'aria-hidden': 'true', style: { '--of': `var(--${row.colour ?? 'learned'})` } },
      row.low != null && row.high != null ? h('i.range', { style: { left: `${x(row.low)}%`, width: `${x(row.high) - x(row.low)}%` } }) : null,
      h('i.dot', { style: { left: `${x(/** @type {number} */ (row.mean))}%` } })),
    h('span.whisker-value', null, format(/** @type {number} */ (row.mean)), row.low != null ? h('small', null, ` ${format(row.low)} to ${format(/** @type {number} */ (row.high))}`) : null))))
}

/** Wilson's 95 % interval of k of n (Wilson 1927). @param {number} k @param {number} n @returns {[number | null, number | null]} */
export function wilson(k, n) {
  if (n <= 0) return [null, null]
  const z = 1.96, p = k / n, d = 1 + (z * z) / n, m = (p + (z * z) / (2 * n)) / d
  const half = (z / d) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  return [Math.max(0, m - half), Math.min(1, m + half)]
}
