// @ts-check
/** The frame: which page is open, who is signed in, dark or light. */
import { get, key, whenLocked } from './api.js'
import { fill, h, failure, say } from './dom.js'

const pages = [
  ['learning', 'Learning'], ['shop', 'Shop'], ['decision', 'Decision'], ['users', 'Users'],
  ['pipeline', 'Pipeline'], ['cluster', 'Cluster'], ['evaluate', 'Evaluate'], ['time-travel', 'Time travel'],
]
const page = /** @type {HTMLElement} */ (document.getElementById('page'))
const nav = /** @type {HTMLElement} */ (document.getElementById('nav'))
const end = /** @type {HTMLElement} */ (document.getElementById('bar-end'))
let leaving = new AbortController()
/** @type {any} */ let about = null

async function open() {
  const [, name = 'learning', ...rest] = location.hash.split('?')[0].split('/')
  const query = new URLSearchParams(location.hash.split('?')[1] ?? '')
  const [id, title] = pages.find(([its]) => its === name) ?? pages[0]
  leaving.abort()
  leaving = new AbortController()
  const { signal } = leaving
  fill(nav, pages.map(([its, label]) => h('a', { href: `#/${its}`, 'aria-current': its === id ? 'page' : null }, label)))
  nav.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' })
  document.title = `${title} · AptRl`
  try {
    about ??= await get('/v1/about', signal)
    bar()
    const module = await import(`./pages/${id}.js`)
    if (signal.aborted) return
    const content = h('div', { class: `page ${id}` }, h('h1', null, title))
    fill(page, content)
    await module.show(content, { about, signal, argument: rest.map(decodeURIComponent).join('/'), query })
    say(`${title} is open`)
  } catch (error) {
    if (signal.aborted || /** @type {any} */ (error)?.status === 401) return
    fill(page, h('h1', null, title), failure(error, open))
  }
}

function bar() {
  const root = document.documentElement
  fill(end,
    h('button.quiet', {
      type: 'button', 'aria-label': 'Switch between dark and light', title: 'Dark or light',
      onclick: () => {
        const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
        root.dataset.theme = isDark ? 'light' : 'dark'
        localStorage.setItem('aptrl-theme', root.dataset.theme)
        dispatchEvent(new Event('themechange'))
      },
    }, '◐'),
    about?.keyNeeded ? h('button.quiet', { type: 'button', title: `Signed in with ${about.key}`, onclick: () => { key.set(null); about = null; signIn() } }, 'Sign out') : null)
}

function signIn(/** @type {string} */ message = '') {
  leaving.abort()
  about = null
  fill(end)
  const input = /** @type {HTMLInputElement} */ (h('input', { type: 'password', autocomplete: 'current-password', required: true, 'aria-describedby': 'sign-in-note', maxlength: 512 }))
  const note = h('p.muted', { id: 'sign-in-note', role: message ? 'alert' : null }, message || 'This server asks for an API key. It stays in this tab and is gone when the tab is closed.')
  fill(page, h('form.card.sign-in', {
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault()
      key.set(input.value.trim())
      await open()
    },
  }, h('h1', null, 'Sign in'), note, h('label.field', null, h('span', null, 'API key'), input), h('button.primary', { type: 'submit' }, 'Sign in')))
  input.focus()
}

const theme = localStorage.getItem('aptrl-theme')
if (theme) document.documentElement.dataset.theme = theme
whenLocked(() => {
  const wrong = key.get() !== null
  key.set(null)
  signIn(wrong ? 'This key is not known here: check it and try again.' : '')
})
document.getElementById('skip')?.addEventListener('click', (event) => {
  event.preventDefault()
  page.focus()
})
addEventListener('hashchange', open)
await open()
