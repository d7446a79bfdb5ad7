// @ts-check
/** Builds elements. Text is always text: nothing that comes from the server is read as markup. */

/**
 * @param {string} tag an element's name, with classes after dots: `p.muted`
 * @param {Record<string, any> | null} [attributes] `on…` are listeners, `style` an object, the rest attributes; null and false are left out
 * @param {...any} children elements, text, or lists of them; null is left out
 * @returns {HTMLElement}
 */
export function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split('.')
  const element = document.createElement(name)
  if (classes.length) element.className = classes.join(' ')
  set(element, attributes ?? {})
  element.append(...flat(children))
  return element
}

/** The same for drawings. @param {string} tag @param {Record<string, any>} attributes @param {...any} children */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) if (value != null) element.setAttribute(name, String(value))
  element.append(...flat(children))
  return element
}

/** Puts new children in place of the old. @param {Element} element @param {...any} children */
export function fill(element, ...children) {
  element.replaceChildren(...flat(children))
}

/** A table with a caption for screen readers. @param {string} caption @param {any[]} heads @param {any[][]} rows cells; a cell may be {value, class} */
export function table(caption, heads, rows) {
  const cell = (/** @type {any} */ its, /** @type {string} */ tag) =>
    its && typeof its === 'object' && !(its instanceof Node) && 'value' in its
      ? h(tag + (its.class ? '.' + its.class : ''), tag === 'th' ? { scope: 'col' } : null, its.value)
      : h(tag, tag === 'th' ? { scope: 'col' } : null, its)
  return h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': caption },
    h('table', null,
      h('caption.visually-hidden', null, caption),
      h('thead', null, h('tr', null, heads.map((head) => cell(head, 'th')))),
      h('tbody', null, rows.map((row) => h('tr', null, row.map((its) => cell(its, 'td')))))))
}

/** A card with a heading. @param {string | null} title @param {...any} children */
export function card(title, ...children) {
  return h('section.card', title ? { 'aria-label': title } : null, title ? h('h2', null, title) : null, ...children)
}

/** A figure with its name. @param {string} name @param {any} value @param {any} [note] */
export function stat(name, value, note) {
  return h('div.stat', null, h('dt', null, name), h('dd', null, value, note == null ? null : h('small', null, note)))
}

/** What is shown where there is nothing to show. @param {string} title @param {...any} body */
export function empty(title, ...body) {
  return h('div.empty', null, h('strong', null, title), ...body.map((its) => (typeof its === 'string' ? h('p', null, its) : its)))
}

/** An error in words, with a way to try again. @param {any} error @param {(() => void) | null} [again] */
export function failure(error, again) {
  return h('div.empty.failed', { role: 'alert' },
    h('strong', null, error?.title ?? 'That did not work'),
    h('p', null, error?.detail ?? error?.message ?? String(error)),
    again ? h('button', { type: 'button', onclick: again }, 'Try again') : null)
}

/** A labelled control. @param {string} label @param {HTMLElement} control */
export function field(label, control) {
  return h('label.field', null, h('span', null, label), control)
}

/** Says something to screen readers. @param {string} text */
export function say(text) {
  const status = document.getElementById('status')
  if (status) status.textContent = text
}

/** @param {Element} element @param {Record<string, any>} attributes */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else if (name === 'style') for (const [property, its] of Object.entries(value)) /** @type {any} */ (element).style.setProperty(property, String(its))
    else if (name === 'value') /** @type {any} */ (element).value = value
    else element.setAttribute(name, value === true ? '' : String(value))
  }
}

/** @param {any[]} children @returns {any[]} */
function flat(children) {
  return children.flat(Infinity).filter((child) => child != null && child !== false).map((child) => (typeof child === 'number' ? String(child) : child))
}
