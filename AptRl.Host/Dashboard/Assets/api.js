// @ts-check
/** Asks the server. The key stays in this tab and is sent as a header: no cookie, nothing for another site to use. */

const storage = 'aptrl-key'

/** A problem as the server tells it (RFC 9457). */
export class Problem extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(body?.detail ?? `the server answered ${status}`)
    this.status = status
    this.code = body?.code ?? ''
    this.detail = this.message
    this.title = status === 0 ? 'The server does not answer' : status === 403 ? 'This key may not do that'
      : status === 503 || status === 429 ? 'The server is busy' : body?.title ?? 'That did not work'
  }
}

export const key = {
  get: () => sessionStorage.getItem(storage),
  /** @param {string | null} value */
  set: (value) => (value ? sessionStorage.setItem(storage, value) : sessionStorage.removeItem(storage)),
}

/** @type {() => void} called when a key is needed or wrong */
let onLocked = () => {}

/** @param {() => void} action */
export function whenLocked(action) {
  onLocked = action
}

/** @param {string} path @param {AbortSignal} [signal] @returns {Promise<any>} */
export const get = (path, signal) => ask(path, { signal }).then((answer) => answer.json())

/** @param {string} path @param {any} body @param {AbortSignal} [signal] @returns {Promise<any>} */
export const post = (path, body, signal) =>
  ask(path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, signal }).then((answer) => answer.json())

/** @param {string} path @returns {Promise<Response>} */
export const remove = (path) => ask(path, { method: 'DELETE' })

/** @param {string} path @returns {Promise<Blob>} */
export const download = (path) => ask(path, {}).then((answer) => answer.blob())

/**
 * Reads server-sent events until the signal ends it; comes back by itself when the connection is lost.
 * @param {string} path
 * @param {AbortSignal} signal
 * @param {(name: string, data: any) => void} take
 * @param {(problem: Problem | null) => void} state told null when the stream runs, and the problem when it does not
 */
export async function stream(path, signal, take, state) {
  for (let wait = 500; !signal.aborted; wait = Math.min(wait * 2, 8000)) {
    try {
      const answer = await ask(path, { signal, headers: { Accept: 'text/event-stream' } })
      state(null)
      wait = 500
      await read(answer, take)
    } catch (error) {
      if (signal.aborted) return
      const problem = error instanceof Problem ? error : new Problem(0, { detail: 'the connection was lost; it is tried again by itself' })
      state(problem)
      if ([401, 403, 404, 422].includes(problem.status)) return
    }
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}

/** @param {Response} answer @param {(name: string, data: any) => void} take */
async function read(answer, take) {
  const reader = /** @type {ReadableStream} */ (answer.body).pipeThrough(new TextDecoderStream()).getReader()
  for (let rest = ''; ;) {
    const { value, done } = await reader.read()
    if (done) return
    const events = (rest + value).split('\n\n')
    rest = /** @type {string} */ (events.pop())
    for (const event of events) {
      let name = 'message', data = ''
      for (const line of event.split('\n')) {
        if (line.startsWith('event: ')) name = line.slice(7)
        else if (line.startsWith('data: ')) data += line.slice(6)
      }
      if (data) take(name, JSON.parse(data))
    }
  }
}

/** @param {string} path @param {RequestInit} options @returns {Promise<Response>} */
async function ask(path, options) {
  const sent = key.get()
  let answer
  try {
    answer = await fetch(path, { ...options, headers: { ...options.headers, ...(sent ? { Authorization: `Bearer ${sent}` } : {}) } })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new Problem(0, { detail: 'it may have been stopped, or the network is down: see whether it still runs' })
  }
  if (answer.ok) return answer
  const body = await answer.json().catch(() => null)
  if (answer.status === 401) onLocked()
  throw new Problem(answer.status, body)
}
