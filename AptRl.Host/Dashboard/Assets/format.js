// @ts-check
/** Figures for people. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** @param {number | null | undefined} number */
export const count = (number) => (number == null ? '–' : whole.format(number))

/** @param {number | null | undefined} share @param {number} [digits] */
export const percent = (share, digits = 1) => (share == null || !isFinite(share) ? '–' : `${(100 * share).toFixed(digits)} %`)

/** @param {number | null | undefined} number @param {number} [digits] */
export const decimal = (number, digits = 3) => (number == null || !isFinite(number) ? '–' : number.toFixed(digits))

/** A probability, or a score, to as many digits as it takes to tell it from 0. @param {number | null | undefined} number */
export const fine = (number) =>
  number == null || !isFinite(number) ? '–' : number === 0 ? '0' : Math.abs(number) >= 0.001 ? number.toFixed(4) : number.toExponential(1)

/** @param {number | null | undefined} ms */
export const millis = (ms) => (ms == null ? '–' : ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : ms >= 10 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(ms >= 1 ? 1 : 2)} ms`)

/** @param {number} number */
export const bytes = (number) => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let at = 0
  for (; number >= 1000 && at < units.length - 1; at++) number /= 1000
  return `${number.toFixed(at === 0 || number >= 100 ? 0 : 1)} ${units[at]}`
}

/** @param {string | null | undefined} iso */
export const moment = (iso) => (iso ? iso.slice(0, 19).replace('T', ' ') : '–')

/** @param {number} seconds */
export const span = (seconds) => (seconds < 90 ? `${Math.round(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`)

/** @param {{mean: number, low: number, high: number} | null | undefined} interval @param {(n: number) => string} [as] */
export const interval = (interval, as = percent) => (interval ? `${as(interval.low)} to ${as(interval.high)}` : '–')

/** The beginning of something long. @param {string} text @param {number} [length] */
export const short = (text, length = 10) => (text.length > length ? `${text.slice(0, length)}…` : text)

/** Part of a path. @param {string} text */
export const part = (text) => encodeURIComponent(text)
